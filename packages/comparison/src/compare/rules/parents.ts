import type { Scene, Side, SpanPair } from "../scene.ts";
import type { Rule } from "./rule.ts";

/** What was found for each missing span of a side: many may be missing, with many children. */
const keptAncestors = new WeakMap<Side, Map<string, string | undefined>>();

/** The nearest span above that the other side has, too; `undefined` when there is none. */
function findKeptAncestor(start: string | undefined, here: Side, there: Side): string | undefined {
  const known = keptAncestors.get(here) ?? new Map<string, string | undefined>();
  keptAncestors.set(here, known);
  const passed = new Set<string>();
  let id = start;
  while (id !== undefined && isMissing(id, here, there) && !known.has(id) && !passed.has(id)) {
    passed.add(id);
    id = here.spans.get(id)?.parentSpanId;
  }
  const isCircle = id !== undefined && passed.has(id);
  const kept = id !== undefined && known.has(id) ? known.get(id) : isCircle ? undefined : id;
  for (const missing of passed) known.set(missing, kept);
  return kept;
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
