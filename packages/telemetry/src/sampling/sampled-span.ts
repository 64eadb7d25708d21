import { SpanKind } from "@opentelemetry/api";
import type { Attributes } from "@opentelemetry/api";

/** What a sampler knows of a span: little, since a route is matched and a body is read after the span has started. */
export interface SampledSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
}

/** The path of the request that a SERVER span answers, without its query. */
export function readPath({ kind, attributes }: SampledSpan): string | undefined {
  const target = attributes["url.path"] ?? attributes["http.target"];
  if (kind !== SpanKind.SERVER || typeof target !== "string") return undefined;
  return target.split(/[?#]/, 1)[0];
}

/** The method of the request that a SERVER span answers; one that HTTP does not know stands as it was sent. */
export function readMethod({ kind, attributes }: SampledSpan): string | undefined {
  if (kind !== SpanKind.SERVER) return undefined;
  return readTexts(attributes, "http.request.method_original", "http.request.method", "http.method")[0];
}

/**
 * The names a message span has for where its message went: queue, exchange and routing key. instrumentation-amqplib
 * gives obsolete attributes, and the queue of a consumer in the span's name alone.
 */
export function readQueues({ name, kind, attributes }: SampledSpan): readonly string[] {
  if (kind !== SpanKind.PRODUCER && kind !== SpanKind.CONSUMER) return [];
  const queue = kind === SpanKind.CONSUMER ? /^(.+) process$/.exec(name)?.[1] : undefined;
  const named = readTexts(
    attributes,
    "messaging.destination.name",
    "messaging.destination",
    "messaging.rabbitmq.destination.routing_key",
    "messaging.rabbitmq.routing_key",
  );
  return queue === undefined ? named : [queue, ...named];
}

function readTexts(attributes: Attributes, ...keys: readonly string[]): string[] {
  const values = keys.map((key) => attributes[key]);
  return values.filter((value): value is string => typeof value === "string" && value !== "");
}
