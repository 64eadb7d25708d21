import { TraceIdRatioBasedSampler } from "@opentelemetry/sdk-trace";
import type { Sampler } from "@opentelemetry/sdk-trace";
import { readMethod, readPath, readQueues } from "./sampled-span.ts";
import type { SampledSpan } from "./sampled-span.ts";
import { matchesPath, matchesText } from "./wildcard.ts";

/** Which traces a rule is for, and the rates it sets, each 0 to 1. A rule without a condition is for all of them. */
export interface SamplingRule {
  /** In any case. */
  readonly method?: string;
  /** `*` stands for characters within one part of the path, a part `**` for any number of parts. */
  readonly path?: string;
  /** A queue, an exchange or a routing key; `*` stands for any characters. */
  readonly queue?: string;
  /** The name of the service that decides; `*` stands for any characters. */
  readonly service?: string;
  /** Left out: as without the rule. */
  readonly sentry?: number;
  /** Left out: as without the rule. */
  readonly otlp?: number;
}

/** A rule with the sampler of its OTLP rate, by trace id, so that all services with the rate take the same traces. */
export type PreparedRule = SamplingRule & { readonly otlpSampler?: Sampler };

/** Finds the first rule for what begins with a span. */
export type FindRule = (span: SampledSpan) => PreparedRule | undefined;

export function createFindRule(rules: readonly SamplingRule[]): FindRule {
  const prepared = rules.map(prepareRule);
  return (span) => findRule(prepared, span);
}

function prepareRule(rule: SamplingRule): PreparedRule {
  return rule.otlp === undefined ? rule : { ...rule, otlpSampler: new TraceIdRatioBasedSampler(rule.otlp) };
}

/** The rules that may ever match in the service of this name. */
export function selectRules(rules: readonly SamplingRule[], serviceName: string): SamplingRule[] {
  return rules.filter(({ service }) => service === undefined || matchesText(service, serviceName));
}

/** The first rule that `span` meets all conditions of, `service` apart. */
export function findRule<Rule extends SamplingRule>(
  rules: readonly Rule[],
  span: SampledSpan,
): Rule | undefined {
  if (rules.length === 0) return undefined;
  const path = readPath(span);
  const method = readMethod(span)?.toUpperCase();
  const queues = readQueues(span);
  return rules.find(
    (rule) =>
      (rule.method === undefined || rule.method.toUpperCase() === method) &&
      (rule.path === undefined || (path !== undefined && matchesPath(rule.path, path))) &&
      (rule.queue === undefined || queues.some((queue) => matchesText(rule.queue ?? "", queue))),
  );
}
