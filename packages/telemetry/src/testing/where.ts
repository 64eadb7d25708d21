import { backEndNames } from "./received-span.ts";
import type { BackEnd, ReceivedSpan } from "./received-span.ts";

/** Where a span must have arrived; `both` means the same span, by its ids, at both. */
export type Where = BackEnd | "both";

/** The spans that arrived where they must; all of them when nothing is said about where. */
export function selectWhere(spans: readonly ReceivedSpan[], where: Where | undefined): ReceivedSpan[] {
  if (where === undefined) return [...spans];
  if (where !== "both") return spans.filter(({ backEnd }) => backEnd === where);
  const idsAt = (wanted: BackEnd): Set<string> =>
    new Set(spans.filter(({ backEnd }) => backEnd === wanted).map(readIds));
  const other = { sentry: idsAt("otlp"), otlp: idsAt("sentry") };
  return spans.filter((span) => other[span.backEnd].has(readIds(span)));
}

/** A span is the same at both back ends when its trace id and its span id are. */
export function readIds({ traceId, spanId }: ReceivedSpan): string {
  return `${traceId} ${spanId}`;
}

/** ` at Sentry`, ` at both Sentry and OTLP`, or nothing. */
export function describeWhere(where: Where | undefined): string {
  if (where === undefined) return "";
  return where === "both" ? " at both Sentry and OTLP" : ` at ${backEndNames[where]}`;
}
