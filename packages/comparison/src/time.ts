import type { TraceSpan } from "./model.ts";

type Times = Pick<TraceSpan, "startTimeUnixNano" | "endTimeUnixNano">;

/** Milliseconds since 1970, with fractions: exact to about a quarter of a microsecond. */
export function readMillis(unixNano: string): number {
  return Number(unixNano) / 1e6;
}

/** Clocks that are further ahead are wrong, and what they stamped may be of any age. */
const maxAheadMillis = 300_000;

/** Whether it was less than `withinMillis` ago; a clock that is minutes ahead is put up with. */
export function isRecent(millis: number, nowMillis: number, withinMillis: number): boolean {
  const age = nowMillis - millis;
  return age < withinMillis && age >= -maxAheadMillis;
}

/** Nanoseconds from one time to the other, negative when `to` is earlier. Exact up to 104 days. */
export function readNanosBetween(from: string, to: string): number {
  return Number(BigInt(to) - BigInt(from));
}

/** Nanoseconds; negative for a span that claims to end before it starts. */
export function readDurationNanos({ startTimeUnixNano, endTimeUnixNano }: Times): number {
  return readNanosBetween(startTimeUnixNano, endTimeUnixNano);
}

/** Milliseconds, with fractions; negative for a span that claims to end before it starts. */
export function readDurationMillis(times: Times): number {
  return readDurationNanos(times) / 1e6;
}

/** For sorting: earlier first. */
export function compareTimes(a: string, b: string): number {
  // Decimal digits of different length cannot be compared as text.
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

/** The largest time that OTLP has. */
const lastUnixNano = (2n ** 64n - 1n).toString();

/**
 * Seconds as Sentry writes them, to the nanosecond that their shortest decimal form names: what a sender wrote, not the
 * digits that binary floating point adds. What lies outside OTLP's times becomes its first or last one.
 */
export function readUnixNanoOfSeconds(seconds: number): string {
  if (!(seconds >= 1e-6)) return "0";
  if (seconds * 1e9 >= 2 ** 64) return lastUnixNano;
  const [whole = "", fraction = ""] = String(seconds).split(".");
  return BigInt(whole + fraction.slice(0, 9).padEnd(9, "0")).toString();
}

/** The number nearest to it, of which `readUnixNanoOfSeconds` makes the same text again for a time that Sentry wrote. */
export function readSecondsOfUnixNano(unixNano: string): number {
  const digits = unixNano.padStart(10, "0");
  return Number(`${digits.slice(0, -9)}.${digits.slice(-9)}`);
}
