import { fieldWords } from "@tracebridge/compare/difference-words";
import type { Difference, DifferenceField, Explanation, TraceSpan } from "@tracebridge/comparison";
import type { SpanDetail } from "@tracebridge/compare/page-model";
import { writeDifferingValue, writeValue } from "./difference-words.ts";
import { writeNanos, writeUnixNano } from "./exact-time.ts";

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
  kind: "open" | "equal" | "explained";
  /** What explains all of it. */
  explanation?: Explanation;
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
  ["start (UTC)", "start", (span) => writeUnixNano(span.startTimeUnixNano)],
  ["duration", "duration", readDuration],
  ["segment", "segment", (span) => (span.isSegment === undefined ? undefined : String(span.isSegment))],
  ["trace state", "traceState", (span) => span.traceState],
  ["scope", "scope", ({ scope }) => scope && [scope.name, scope.version].filter(Boolean).join(" ")],
];

function readDuration({ startTimeUnixNano, endTimeUnixNano }: TraceSpan): string {
  return writeNanos(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano));
}

/** Both sides of a span line by line: what nobody can explain, what is alike, then what rules explain, by rule. */
export function createSpanTable(detail: SpanDetail): SpanTableGroup[] {
  const loose = new Set(detail.differences);
  const take: Take = (field, key) => {
    const found = [...loose].find((one) => one.field === field && one.key === key);
    if (found) loose.delete(found);
    return found;
  };
  const parts: [string, SpanTableRow[]][] = [
    ["Span", createFieldRows(detail, take)],
    ["Attributes", createAttributeRows(detail, "attribute", "attributes", take)],
    ["Resource", createAttributeRows(detail, "resource", "resource", take)],
  ];
  const rows = [...parts.flatMap(([, some]) => some), ...[...loose].map(createLooseRow)];
  const groups: SpanTableGroup[] = [
    { title: "Not explained", kind: "open", rows: rows.filter(isOpen) },
    ...parts.map(([title, some]): SpanTableGroup => {
      return { title, kind: "equal", rows: some.filter((row) => row.difference === undefined) };
    }),
    ...detail.explanations.map((explanation): SpanTableGroup => {
      const explained = rows.filter(({ difference }) => difference?.rule === explanation.rule);
      return { title: explanation.title, kind: "explained", explanation, rows: explained };
    }),
  ];
  return groups.filter((group) => group.rows.length > 0);
}

function isOpen({ difference }: SpanTableRow): boolean {
  return difference !== undefined && difference.verdict !== "explained";
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
    label: [fieldWords[field], key].filter(Boolean).join(" "),
    left: left === undefined ? undefined : writeDifferingValue(difference, left),
    right: right === undefined ? undefined : writeDifferingValue(difference, right),
    difference,
  };
}
