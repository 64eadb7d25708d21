import fc from "fast-check";

export type Value = fc.Arbitrary<unknown>;

const HEX = "0123456789abcdef".split("");
export const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...HEX), minLength: length, maxLength: length });

const isNotZero = (id: string): boolean => /[^0]/.test(id);
/** Also ids that arithmetic would always sample: of zeros, and of equal halves. */
export const traceId = fc.oneof(
  hex(32).filter(isNotZero),
  hex(8)
    .filter(isNotZero)
    .map((half) => half.repeat(2).padEnd(32, "0")),
);
export const spanId = hex(16).filter(isNotZero);
export const word = fc.string({
  unit: fc.constantFrom(..."abcxyz019".split("")),
  minLength: 1,
  maxLength: 8,
});
export const text = fc.string({ unit: "grapheme", maxLength: 60 });
export const bytes = fc.string({ unit: "binary", maxLength: 60 });

/** Puts `strange` characters between and around the `parts` of a legal value. */
export const broken = (parts: fc.Arbitrary<string[]>, strange: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(parts, fc.array(fc.constantFrom("", ...strange), { minLength: 5, maxLength: 5 }))
    .map(([values, between]) => values.map((value, index) => `${between[index] ?? ""}${value}`).join("-"));

export const idParts = fc
  .tuple(fc.constant("00"), traceId, spanId, fc.constant("01"))
  .map((parts) => [...parts]);
export const traceParent = (
  flags: fc.Arbitrary<string> = fc.constantFrom("00", "01"),
): fc.Arbitrary<string> => fc.tuple(traceId, spanId, flags).map((parts) => `00-${parts.join("-")}`);
export const sentryTrace = (
  flag: fc.Arbitrary<string> = fc.constantFrom("", "-0", "-1"),
): fc.Arbitrary<string> =>
  fc.tuple(traceId, spanId, flag).map(([trace, span, end]) => `${trace}-${span}${end}`);

/** `key=value` pairs as one header. */
export const pairs = (
  key: fc.Arbitrary<string>,
  value: fc.Arbitrary<string>,
  size: { minLength?: number; maxLength?: number } = { maxLength: 8 },
): fc.Arbitrary<string> =>
  fc.array(fc.tuple(key, value), size).map((all) => all.map((pair) => pair.join("=")).join(","));

/** A trace that names all its headers the same way, and whatever else `extra` puts into its baggage. */
export const wholeTrace = (extra: fc.Arbitrary<string>, flag = "1"): fc.Arbitrary<Record<string, string>> =>
  fc.tuple(traceId, spanId, extra).map(([trace, span, members]) => ({
    traceparent: `00-${trace}-${span}-0${flag}`,
    "sentry-trace": `${trace}-${span}-${flag}`,
    baggage: `sentry-trace_id=${trace},${members}`,
  }));

/** Of many thousand characters. */
export const repeated = (part: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(part, fc.nat(4_000)).map(([chosen, times]) => `${chosen},`.repeat(times));

/** Thousands of members, each of another name. */
export const numbered = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(value, fc.integer({ min: 1_000, max: 2_000 }))
    .map(([chosen, length]) => Array.from({ length }, (_, index) => `k${index}=${chosen}`).join(","));

/** One class of carriers, as `extract` is given them. */
export type HostileClass = readonly [name: string, carriers: Value];

export const only = (header: string, value: Value): Value => value.map((chosen) => ({ [header]: chosen }));
