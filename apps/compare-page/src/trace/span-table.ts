import type { Difference, DifferenceField, TraceSpan } from "@tracebridge/comparison";
import type { SpanDetail } from "@tracebridge/compare/page-model";
import { writeValue } from "./difference-words.ts";

/** A line of the table that shows both sides of a span. */
export interface SpanTableRow {
  label: string;
  left?: string;
  right?: string;
  /** What the comparison says about it; without it both sides count as equal. */
  difference?: Difference;
}

export interface SpanTableGroup {
  title: string;
  rows: SpanTableRow[];
}

type Read = (span: TraceSpan) => string | undefined;

/** What every span has, with the field that a difference in it is called by. */
const fields: readonly [string, DifferenceField, Read][] = [
  ["name", "name", (span) => span.name],
  ["service", "service", (span) => span.service],
  ["kind", "kind", (span) => span.kind],
  ["op", "op", (span) => span.op],
  ["parent", "parent", (span) => span.parentSpanId],
  ["status", "status", (span) => span.status],
  ["status message", "statusMessage", (span) => span.statusMessage],
  ["start", "start", (span) => span.startTimeUnixNano],
  ["duration (ns)", "duration", readNanos],
  ["segment", "segment", (span) => (span.isSegment === undefined ? undefined : String(span.isSegment))],
  ["trace state", "traceState", (span) => span.traceState],
  ["scope", "scope", ({ scope }) => scope && [scope.name, scope.version].filter(Boolean).join(" ")],
];

function readNanos({ startTimeUnixNano, endTimeUnixNano }: TraceSpan): string {
  return (BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)).toString();
}

/** Both sides of a span line by line. Every difference of the detail is in some line. */
export function createSpanTable(detail: SpanDetail): SpanTableGroup[] {
  const left = new Set(detail.differences);
  const take = (field: DifferenceField, key?: string): Difference | undefined => {
    const found = [...left].find((one) => one.field === field && one.key === key);
    if (found) left.delete(found);
    return found;
  };
  const groups = [
    { title: "Span", rows: createFieldRows(detail, take) },
    { title: "Attributes", rows: createAttributeRows(detail, "attribute", "attributes", take) },
    { title: "Resource", rows: createAttributeRows(detail, "resource", "resource", take) },
    { title: "Further differences", rows: [...left].map(createLooseRow) },
  ];
  return groups.filter((group) => group.rows.length > 0);
}

type Take = (field: DifferenceField, key?: string) => Difference | undefined;

function createFieldRows({ left, right }: SpanDetail, take: Take): SpanTableRow[] {
  return fields
    .map(([label, field, read]) => ({
      label,
      left: left && read(left),
      right: right && read(right),
      difference: take(field),
    }))
    .filter((row) => row.left !== undefined || row.right !== undefined || row.difference !== undefined);
}

function createAttributeRows(
  { left, right }: SpanDetail,
  field: DifferenceField,
  part: "attributes" | "resource",
  take: Take,
): SpanTableRow[] {
  const keys = new Set([...Object.keys(left?.[part] ?? {}), ...Object.keys(right?.[part] ?? {})]);
  return [...keys].toSorted().map((key) => ({
    label: key,
    left: writeAttribute(left?.[part], key),
    right: writeAttribute(right?.[part], key),
    difference: take(field, key),
  }));
}

function writeAttribute(attributes: TraceSpan["attributes"] | undefined, key: string): string | undefined {
  return attributes && Object.hasOwn(attributes, key) ? writeValue(attributes[key]) : undefined;
}

function createLooseRow(difference: Difference): SpanTableRow {
  const { field, key, left, right } = difference;
  return {
    label: [field, key].filter(Boolean).join(" "),
    left: left === undefined ? undefined : writeValue(left),
    right: right === undefined ? undefined : writeValue(right),
    difference,
  };
}
