import type { Scene, Side, SpanPair } from "../scene.ts";
import type { Rule } from "./rule.ts";

/** The nearest span above that the other side has, too; `undefined` when there is none. */
function findKeptAncestor(start: string | undefined, here: Side, there: Side): string | undefined {
  const seen = new Set<string>();
  for (let id = start; id !== undefined && !seen.has(id); id = here.spans.get(id)?.parentSpanId) {
    if (there.spans.has(id) || !here.spans.has(id)) return id;
    seen.add(id);
  }
  return undefined;
}

/** Whether the parent stands on its own side only. */
function isMissing(id: string | undefined, here: Side, there: Side): boolean {
  return id !== undefined && here.spans.has(id) && !there.spans.has(id);
}

function predictParent({ rich, poor }: SpanPair, scene: Scene): ReturnType<Rule["predict"]> {
  if (isMissing(rich.parentSpanId, scene.rich, scene.poor)) {
    return { side: "poor", value: findKeptAncestor(rich.parentSpanId, scene.rich, scene.poor) };
  }
  if (isMissing(poor.parentSpanId, scene.poor, scene.rich)) {
    return { side: "rich", value: findKeptAncestor(poor.parentSpanId, scene.poor, scene.rich) };
  }
  return undefined;
}

export const parentRules: readonly Rule[] = [
  {
    id: "parent-left-out",
    title: "A span whose parent one side lacks belongs to the span above it there",
    reason:
      "Sentry's `ignoreSpans` takes a span out and gives its children to its parent. That the span is missing is told by itself.",
    source:
      "https://docs.sentry.io/platforms/javascript/guides/node/configuration/filtering/#using-ignore-spans",
    field: "parent",
    isBetween: () => true,
    predict: ({ pair }, scene) => pair && predictParent(pair, scene),
  },
];
