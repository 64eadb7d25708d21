import type { Findings } from "./findings.ts";
import type { Place } from "./place.ts";
import { matchUp } from "./match-up.ts";
import type { SpanPair } from "./scene.ts";

/** Links are partners when they lead to the same span. */
export function compareLinks(pair: SpanPair, findings: Findings, place: Place): void {
  const { pairs, richOnly, poorOnly } = matchUp(pair.rich.links, pair.poor.links, [
    (link) => JSON.stringify(link),
    ({ traceId, spanId }) => `${traceId} ${spanId}`,
  ]);
  for (const { rich, poor } of pairs) findings.look({ field: "link", rich, poor, pair }, place);
  for (const link of richOnly) findings.look({ field: "link", rich: link, poor: undefined, pair }, place);
  for (const link of poorOnly) findings.look({ field: "link", rich: undefined, poor: link, pair }, place);
}
