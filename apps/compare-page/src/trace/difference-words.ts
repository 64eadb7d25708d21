import { fieldWords, readOnlySide } from "@tracebridge/compare/difference-words";
import type { Difference } from "@tracebridge/comparison";
import { writeNanos, writeUnixNano } from "./exact-time.ts";
import type { Side } from "./side.ts";

/** What differs, in a few words: `attribute http.route`, `only in OTLP: span`. */
export function describeDifference(difference: Difference, labels: Record<Side, string>): string {
  const what = [fieldWords[difference.field], difference.key].filter(Boolean).join(" ");
  const only = readOnlySide(difference);
  return only ? `${what} only in ${labels[only]}` : `${what} differs`;
}

/** A value as it was sent; long texts are cut by the page's style, not here. */
export function writeValue(value: unknown): string {
  if (typeof value === "string") return value;
  return JSON.stringify(value) ?? "";
}

/** A value of a difference: times as people read them, without losing a digit. */
export function writeDifferingValue({ field }: Difference, value: unknown): string {
  const isWhole = /^-?\d+$/.test(String(value));
  if (field === "duration" && isWhole) return writeNanos(BigInt(String(value)));
  if (field === "start" && isWhole) return writeUnixNano(String(value));
  return writeValue(value);
}
