import { readMillis, type DifferenceField, type TraceSpan } from "@tracebridge/comparison";
import { oneLine } from "./terminal-text.ts";

/** Fields whose values are words of ours; those of the others come from anywhere and stand in quotation marks. */
const plainFields: ReadonlySet<DifferenceField> = new Set(["kind", "op", "service", "segment", "status"]);

/** A value of a difference as text without control characters; values that are not the same look different. */
export function formatValue(
  field: DifferenceField,
  value: unknown,
  spans: ReadonlyMap<string, TraceSpan> = new Map(),
): string {
  if (value === undefined) return "(none)";
  if (field === "start" && typeof value === "string") return formatPreciseTime(value);
  if (field === "duration" && typeof value === "number") return `${(value / 1e6).toFixed(3)} ms`;
  if (typeof value !== "string") return formatJson(value);
  if (field === "parent") {
    const parent = spans.get(value);
    return parent
      ? `${oneLine(parent.service)}: ${oneLine(parent.name)}  ${oneLine(value)}`
      : `${oneLine(value)} (a span that neither side has)`;
  }
  return plainFields.has(field) && oneLine(value) === value ? value : formatJson(value);
}

/**
 * JSON that does nothing to a terminal: what `JSON.stringify` leaves of control and format characters is escaped, too.
 */
export function formatJson(value: unknown, indent?: number): string {
  return (JSON.stringify(value, undefined, indent) ?? "").replace(
    /[\p{Cf}\u007f-\u009f\u2028\u2029]/gu,
    (character) =>
      Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
        .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
        .join(""),
  );
}

/** To the microsecond: a tolerance may be a part of a millisecond. */
function formatPreciseTime(unixNano: string): string {
  const date = new Date(readMillis(unixNano));
  if (Number.isNaN(date.getTime()) || !/^\d{7,}$/.test(unixNano)) return oneLine(unixNano);
  return `${date.toISOString().slice(0, 19).replace("T", " ")}.${unixNano.slice(-9, -3).padStart(6, "0")} UTC`;
}
