import type { OtlpSpanKind } from "@tracebridge/receivers";
import { isDeepStrictEqual } from "node:util";
import { cut, print } from "./message.ts";
import type { ReceivedSpan } from "./received-span.ts";
import type { Where } from "./where.ts";

/** What a span must be; what is left out may be anything. */
export interface ExpectedSpan {
  readonly name?: string | RegExp;
  readonly service?: string | RegExp;
  readonly kind?: OtlpSpanKind;
  /** `ok` is whatever is no error: OpenTelemetry's `unset` too. */
  readonly status?: "ok" | "error";
  /**
   * Attributes it must have, among others. A value may be a regular expression, or a matcher such as
   * `expect.any(Number)`; `undefined` means that there must be no such attribute.
   */
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly traceId?: string;
  /** Where it must have arrived; left out, one back end is enough. */
  readonly in?: Where;
}

/** Room for what was expected in a message, in characters. */
const maxLength = 500;
const fields = ["traceId", "service", "kind", "name", "status"] as const;
const known: ReadonlySet<string> = new Set([...fields, "attributes", "in"]);

/** Says about each field and attribute that is not as expected what it is instead. */
export function findDifferences(span: ReceivedSpan, expected: ExpectedSpan): string[] {
  const differences = fields.flatMap((field) =>
    expected[field] === undefined ? [] : compare(field, span[field], expected[field]),
  );
  const attributes = Object.entries(expected.attributes ?? {}).flatMap(([key, value]) =>
    compare(`attribute ${key}`, span.attributes[key], value),
  );
  return [...differences, ...attributes];
}

/** What a test asked for, on one line; of what it left out, nothing. */
export function printExpected({ attributes, ...fields }: ExpectedSpan): string {
  const printFields = (record: object): string[] =>
    Object.entries(record).map(([key, value]) => `${/^\w+$/.test(key) ? key : print(key)}: ${print(value)}`);
  const parts = [
    ...printFields(fields),
    ...(attributes ? [`attributes: { ${printFields(attributes).join(", ")} }`] : []),
  ];
  return cut(parts.length > 0 ? `{ ${parts.join(", ")} }` : "{}", maxLength);
}

/** @throws TypeError for a field that spans do not have, or that is undefined: it would let every span pass */
export function checkExpected(expected: ExpectedSpan): void {
  for (const [field, value] of Object.entries(expected)) {
    if (!known.has(field)) {
      throw new TypeError(`a span has no ${print(field)}; known are ${[...known].join(", ")}`);
    }
    if (value === undefined && field !== "in") {
      throw new TypeError(`${field} is undefined; leave it out when it may be anything`);
    }
  }
}

function compare(what: string, actual: unknown, expected: unknown): string[] {
  if (isAsExpected(actual, expected)) return [];
  if (actual === undefined) return [`${what} is missing`];
  return [`${what} is ${print(actual)}, not ${expected === undefined ? "missing" : print(expected)}`];
}

function isAsExpected(actual: unknown, expected: unknown): boolean {
  if (expected instanceof RegExp) return typeof actual === "string" && actual.search(expected) >= 0;
  if (isAsymmetricMatcher(expected)) return expected.asymmetricMatch(actual);
  return isDeepStrictEqual(actual, expected);
}

/** The protocol that `expect.any(…)` and its like have in Jest and in Vitest. */
function isAsymmetricMatcher(value: unknown): value is { asymmetricMatch(actual: unknown): boolean } {
  return (
    typeof value === "object" &&
    value !== null &&
    "asymmetricMatch" in value &&
    typeof value.asymmetricMatch === "function"
  );
}
