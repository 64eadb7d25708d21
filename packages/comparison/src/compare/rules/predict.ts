import type { Attributes, TraceSpan } from "../../model.ts";
import type { SpanPair } from "../scene.ts";
import type { Prediction } from "./rule.ts";

/** Sentry's own words, from which nothing about OpenTelemetry's side follows. */
const derived: ReadonlySet<string> = new Set(["sentry.op", "sentry.origin", "sentry.custom_span_name"]);

/** Predicts the poor side from the rich one, or else with the kind and the attributes that the poor one tells. */
export function predictPoor(
  pair: SpanPair | undefined,
  derive: (span: TraceSpan) => unknown,
): Prediction | undefined {
  if (!pair) return undefined;
  return { side: "poor", value: derive(pair.rich), orElse: () => [derive(seeWithPoor(pair))] };
}

/** The span with the poor side's kind and attributes, but none of these that would prove itself. */
function seeWithPoor({ rich, poor }: SpanPair): TraceSpan {
  const attributes: Attributes = Object.fromEntries(
    Object.entries(poor.attributes).filter(([key]) => !derived.has(key)),
  );
  return { ...rich, kind: poor.kind ?? "internal", attributes };
}
