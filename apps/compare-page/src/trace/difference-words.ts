import type { Difference, DifferenceField } from "@tracebridge/comparison";
import { writeNanos, writeUnixNano } from "./exact-time.ts";
import type { Side } from "./side.ts";

export const fieldWords: Record<DifferenceField, string> = {
  span: "span",
  parent: "parent",
  name: "name",
  service: "service",
  kind: "kind",
  op: "op",
  segment: "segment",
  status: "status",
  statusMessage: "status message",
  start: "start",
  duration: "duration",
  attribute: "attribute",
  resource: "resource attribute",
  scope: "instrumentation scope",
  event: "event",
  link: "link",
  traceState: "trace state",
  flags: "flags",
  error: "error",
  log: "log",
};

/** What differs, in a few words: `attribute http.route`, `only in OTLP: span`. */
export function describeDifference(difference: Difference, labels: Record<Side, string>): string {
  const what = [fieldWords[difference.field], difference.key].filter(Boolean).join(" ");
  const only = readOnlySide(difference);
  return only ? `${what} only in ${labels[only]}` : `${what} differs`;
}

/** The one side that has it; undefined when both do. */
function readOnlySide({ left, right }: Difference): Side | undefined {
  if (left === undefined) return right === undefined ? undefined : "right";
  return right === undefined ? "left" : undefined;
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
