import type { Trace, TraceSpan } from "../model.ts";
import { arrangeTree } from "../tree.ts";
import { joinSpans } from "./join-spans.ts";
import type { AlignedRow } from "./result.ts";

/**
 * Both traces as one tree, depth first, siblings by start time. A span that stands on both sides is one row, in left's
 * place. No span is left out, whatever the parents say.
 */
export function alignTraces(left: Trace, right: Trace): AlignedRow[] {
  const { pairs, richOnly, poorOnly } = joinSpans(left.spans, right.spans);
  const partners = new Map<TraceSpan, TraceSpan>(pairs.map(({ rich, poor }) => [rich, poor]));
  const isOfRight = new Set(poorOnly);
  const spans = [...pairs.map(({ rich }) => rich), ...richOnly, ...poorOnly];
  return arrangeTree(spans).map(({ span, depth, orphan }) => {
    if (isOfRight.has(span)) return { right: span, depth, orphan };
    const right = partners.get(span);
    return { left: span, ...(right ? { right } : {}), depth, orphan };
  });
}
