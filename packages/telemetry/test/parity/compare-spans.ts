import type { ComparableSpan } from "./read-spans.ts";

/** Where Sentry's own SDK and ours are not the same. `undefined`: not there at all. */
export interface Difference {
  /** The names of the span and of those above it. */
  readonly path: string;
  readonly origin: string;
  /** A field of the span, or `span` when the whole span is there on one side only. */
  readonly field: string;
  readonly native: string | undefined;
  readonly ours: string | undefined;
}

type Spans = readonly ComparableSpan[];
type Side = "native" | "ours";

/** Where one of these is missing, its children are still compared: they belong to its parent then. */
const TRANSPARENT_OPS: ReadonlySet<string> = new Set(["middleware", "router"]);

/** Compares two lists of trees span by span, siblings in the order of their start. */
export function compareSpans(native: Spans, ours: Spans): Difference[] {
  const differences: Difference[] = [];
  compareSiblings(native, ours, differences);
  return differences;
}

function compareSiblings(native: Spans, ours: Spans, differences: Difference[]): void {
  const left = liftTransparent(native, "native", differences);
  const right = liftTransparent(ours, "ours", differences);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [leftSpan, rightSpan] = [left[index], right[index]];
    if (leftSpan && rightSpan) {
      compareFields(leftSpan, rightSpan, differences);
      compareSiblings(leftSpan.children, rightSpan.children, differences);
    } else if (leftSpan) differences.push(describeExtra(leftSpan, "native"));
    else if (rightSpan) differences.push(describeExtra(rightSpan, "ours"));
  }
}

function liftTransparent(spans: Spans, side: Side, differences: Difference[]): ComparableSpan[] {
  return spans.flatMap((span) => {
    if (!TRANSPARENT_OPS.has(span.op)) return [span];
    differences.push(describeExtra(span, side));
    return liftTransparent(span.children, side, differences);
  });
}

function describeExtra({ path, origin, op }: ComparableSpan, side: Side): Difference {
  return { path, origin, field: "span", native: undefined, ours: undefined, [side]: op };
}

function compareFields(native: ComparableSpan, ours: ComparableSpan, differences: Difference[]): void {
  const { path, origin } = native;
  for (const field of new Set([...Object.keys(native.fields), ...Object.keys(ours.fields)])) {
    const [left, right] = [native.fields[field], ours.fields[field]];
    if (left !== right) differences.push({ path, origin, field, native: left, ours: right });
  }
}
