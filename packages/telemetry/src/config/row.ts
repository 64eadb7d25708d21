type RowType =
  | "boolean"
  | "choice"
  | "list"
  | "integer"
  | "rate"
  | "text"
  | "url"
  | "path"
  | "pairs"
  | "keys"
  | "patterns"
  | "rules"
  | "dsn";

/** One environment variable: everything that code and documentation need to know about it. */
export interface Row {
  readonly name: string;
  readonly type: RowType;
  /** The value used when the variable is unset, as one would write it; empty when there is none. */
  readonly default: string;
  /** Where the default depends on other variables: the rule, in words. */
  readonly defaultRule?: string;
  /** The values of a `choice`, or the members of a `list`. */
  readonly choices?: readonly string[];
  readonly minimum?: number;
  readonly unit?: "ms";
  /** A secret's value is never shown, neither in warnings nor in logs. */
  readonly secret?: boolean;
  readonly description: string;
}

/** Timers of Node take at most this many milliseconds: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
export const MAX_INTEGER = 2_147_483_647;

const allowedByType: Readonly<Record<RowType, (row: Row) => string>> = {
  boolean: () => "true, false",
  choice: (row) => (row.choices ?? []).join(", "),
  list: (row) => `comma list of ${(row.choices ?? []).join(", ")}`,
  integer: (row) =>
    `whole number from ${row.minimum ?? 0} to ${MAX_INTEGER}${row.unit ? ` (${row.unit})` : ""}`,
  rate: () => "number from 0 to 1",
  text: () => "any text",
  url: () => "URL that starts with http:// or https://",
  path: () => "path such as /tb or /monitoring/tb, of letters, digits and ._~-",
  pairs: () => "comma list of key=value, values percent-encoded",
  keys: () => "comma list of names that match ^[A-Za-z][A-Za-z0-9_.-]{0,63}$",
  patterns: () => "JSON array, or comma list, of texts and of regular expressions written /…/",
  rules: () => "JSON array of rules, or the path of a JSON file that holds one",
  dsn: () => "https://PUBLIC_KEY@HOST/PROJECT_ID",
};

/** The values a variable may have, in words: the same text in warnings and in docs/configuration.md. */
export function describeAllowed(row: Row): string {
  return allowedByType[row.type](row);
}
