import type { TraceSpan } from "../model.ts";
import { readOwn } from "./equal.ts";
import type { Findings } from "./findings.ts";
import { isCarried } from "./rules/losses.ts";
import type { Scene, SpanPair } from "./scene.ts";

/**
 * Resources and scopes are the same on many spans: what differs is told once for each service, not once for each span.
 */
export function compareSenders(pairs: readonly SpanPair[], scene: Scene, findings: Findings): void {
  const told = new Set<string>();
  for (const pair of pairs) {
    compareResources(pair, scene, findings, told);
    compareScopes(pair, findings, told);
  }
}

function compareResources(pair: SpanPair, scene: Scene, findings: Findings, told: Set<string>): void {
  const { rich, poor } = pair;
  const isKept = isCarried("resource", scene.rich.format) === isCarried("resource", scene.poor.format);
  if (!isKept) {
    const empty = (span: TraceSpan): unknown =>
      Object.keys(span.resource).length === 0 ? undefined : span.resource;
    lookOnce({ field: "resource", rich: empty(rich), poor: empty(poor), pair }, pair, findings, told);
    return;
  }
  for (const key of new Set([...Object.keys(rich.resource), ...Object.keys(poor.resource)])) {
    lookOnce(
      { field: "resource", key, rich: readOwn(rich.resource, key), poor: readOwn(poor.resource, key), pair },
      pair,
      findings,
      told,
    );
  }
}

function compareScopes(pair: SpanPair, findings: Findings, told: Set<string>): void {
  const { rich, poor } = pair;
  // No flags and flags of 0 are the same in OTLP.
  const [flags, others] = [
    rich.flags === 0 ? undefined : rich.flags,
    poor.flags === 0 ? undefined : poor.flags,
  ];
  lookOnce({ field: "flags", rich: flags, poor: others, pair }, pair, findings, told);
  lookOnce({ field: "scope", rich: rich.scope, poor: poor.scope, pair }, pair, findings, told);
}

function lookOnce(
  fact: Parameters<Findings["look"]>[0],
  { rich, poor }: SpanPair,
  findings: Findings,
  told: Set<string>,
): void {
  if (fact.rich === undefined && fact.poor === undefined) return;
  const service = rich.service < poor.service ? rich.service : poor.service;
  const name = JSON.stringify([service, fact.field, fact.key, fact.rich, fact.poor]);
  if (told.has(name)) return;
  told.add(name);
  findings.look(fact, { service });
}
