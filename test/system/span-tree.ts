/** What both views of a span have, as far as drawing a tree goes. */
interface TreeSpan {
  spanId: string;
  parentSpanId?: string;
  name: string;
  service?: string;
}

/**
 * Draws the spans of one trace as an indented tree, a line for each span: `service: name`.
 * Siblings are ordered by what is drawn below them, not by time, so that the picture is the same in every run.
 */
export function drawTree(spans: readonly TreeSpan[]): string {
  const ids = new Set(spans.map((span) => span.spanId));
  const childrenOf = Map.groupBy(spans, (span) =>
    span.parentSpanId !== undefined && ids.has(span.parentSpanId) ? span.parentSpanId : "root",
  );
  const draw = (parent: string, indent: string): string[] =>
    (childrenOf.get(parent) ?? [])
      .map((span) =>
        [`${indent}${span.service ?? "?"}: ${span.name}`, ...draw(span.spanId, `${indent}  `)].join("\n"),
      )
      .sort();
  return draw("root", "").join("\n");
}
