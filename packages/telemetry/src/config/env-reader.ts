import {
  parseDsn,
  parseInteger,
  parseKeys,
  parseList,
  parsePairs,
  parsePath,
  parsePatterns,
  parseRate,
  parseUrl,
} from "./parse.ts";
import type { Parsed, Pattern } from "./parse.ts";
import { describeAllowed } from "./row.ts";
import type { Row } from "./row.ts";
import { getRow } from "./variables.ts";
import type { VariableName } from "./variables.ts";

/** Something about a variable that the operator should know; the service runs on. */
export interface ConfigProblem {
  readonly variable: string;
  readonly message: string;
}

/** Reads variables through the table; every malformed value becomes exactly one problem. */
export class EnvReader {
  readonly problems: ConfigProblem[] = [];
  readonly #env: Readonly<Record<string, string | undefined>>;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  /** The trimmed text of a variable; an empty one counts as unset, as the specification says. */
  raw(name: VariableName): string | undefined {
    const value = this.#env[name]?.trim();
    return value === undefined || value === "" ? undefined : value;
  }

  text(name: VariableName): string | undefined {
    return this.raw(name) ?? (getRow(name).default || undefined);
  }

  boolean(name: VariableName): boolean {
    return this.#read(name, (text) => parseBoolean(text)) ?? false;
  }

  choice<Choice extends string>(name: VariableName, choices: readonly Choice[]): Choice | undefined {
    return this.#read(name, (text) => parseChoice(text, choices));
  }

  /** Members of a comma list without doubles; unknown members are reported and left out. */
  list<Choice extends string>(name: VariableName, choices: readonly Choice[]): readonly Choice[] | undefined {
    return this.#read(name, (text) => parseList(text, choices));
  }

  integer(name: VariableName): number | undefined {
    return this.#read(name, (text) => parseInteger(text, getRow(name).minimum ?? 0));
  }

  rate(name: VariableName): number | undefined {
    return this.#read(name, parseRate);
  }

  url(name: VariableName): string | undefined {
    return this.#read(name, parseUrl);
  }

  path(name: VariableName): string | undefined {
    return this.#read(name, parsePath);
  }

  dsn(name: VariableName): string | undefined {
    return this.#read(name, parseDsn);
  }

  keys(name: VariableName): readonly string[] {
    return this.#read(name, parseKeys) ?? [];
  }

  /** `undefined` when the variable is unset or useless and has no default; an empty list is a value. */
  patterns(name: VariableName): readonly Pattern[] | undefined {
    return this.#read(name, parsePatterns);
  }

  pairs(name: VariableName): Readonly<Record<string, string>> {
    return this.#read(name, parsePairs) ?? {};
  }

  problem(name: VariableName, sentence: string): void {
    this.problems.push({ variable: name, message: `${name}${this.#shown(getRow(name))}: ${sentence}` });
  }

  #read<T>(name: VariableName, parse: (text: string) => Parsed<T>): T | undefined {
    const row = getRow(name);
    const fallback = row.default === "" ? undefined : parse(row.default).value;
    const text = this.raw(name);
    if (text === undefined) return fallback;
    const { value, fault } = parse(text);
    if (fault !== undefined) {
      const used = value === undefined ? describeDefault(row) : describeRest(value);
      const shownFault = row.secret === true ? "malformed" : fault;
      this.problem(name, `${shownFault}; allowed: ${describeAllowed(row)}. Using ${used}.`);
    }
    return value ?? fallback;
  }

  #shown(row: Row): string {
    const text = this.raw(row.name as VariableName);
    return row.secret === true || text === undefined ? "" : `=${JSON.stringify(hideCredentials(text))}`;
  }
}

function describeRest(value: unknown): string {
  return Array.isArray(value) ? value.join(",") : "the rest";
}

function describeDefault(row: Row): string {
  if (row.default !== "") return `the default ${row.default}`;
  return row.defaultRule === undefined ? "nothing instead" : `the default (${row.defaultRule})`;
}

function hideCredentials(text: string): string {
  const shown = text.replace(/\/\/[^/?#]*@/g, "//***@");
  return shown.length > 200 ? `${shown.slice(0, 200)}…` : shown;
}

function parseBoolean(text: string): Parsed<boolean> {
  const lower = text.toLowerCase();
  if (lower === "true" || lower === "false") return { value: lower === "true" };
  return { fault: "not a boolean" };
}

function parseChoice<Choice extends string>(text: string, choices: readonly Choice[]): Parsed<Choice> {
  const lower = text.toLowerCase();
  const value = choices.find((choice) => choice === lower);
  return value === undefined ? { fault: "unknown value" } : { value };
}
