import { SpanKind } from "@opentelemetry/api";
import type { HrTime, Link, SpanContext } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { getCombinedScopeData } from "@sentry/core";
import type { StreamedSpanJSON } from "@sentry/core";
import type { Segment } from "../../trace-state/index.ts";
import type { BridgeClient } from "../client/bridge-client.ts";
import type { ContextScopes } from "../scopes/segment-scopes.ts";
import { readDestination } from "./destination.ts";
import { nameSpan } from "./naming.ts";
import type { SentryName } from "./naming.ts";
import { readOrigin } from "./origin.ts";
import { readStatus } from "./status.ts";

export interface SpanParts {
  readonly span: ReadableSpan;
  readonly isSegment: boolean;
  readonly segment: Segment;
  readonly segmentName: SentryName | undefined;
  /** The span that stands for the segment; the first one this process recorded of it. */
  readonly segmentSpanId: string;
  /** The nearest span above that Sentry has. */
  readonly parentSpanId: string | undefined;
  readonly scopes: ContextScopes;
  readonly serviceName: string;
  readonly serviceAttributes: Readonly<Record<string, string>> | undefined;
}

type RawAttributes = Record<string, unknown>;

const KINDS: Readonly<Record<SpanKind, string | undefined>> = {
  [SpanKind.INTERNAL]: undefined,
  [SpanKind.SERVER]: "server",
  [SpanKind.CLIENT]: "client",
  [SpanKind.PRODUCER]: "producer",
  [SpanKind.CONSUMER]: "consumer",
};

/** An ended span in Sentry's words, as its hooks want to see it. Attributes that the span has itself are kept. */
export function createSpanJson(parts: SpanParts, client: BridgeClient): StreamedSpanJSON {
  const { span, isSegment, segment } = parts;
  const { traceId, spanId } = span.spanContext();
  const name = isSegment && parts.segmentName ? parts.segmentName : nameSpan(span);
  const sentryParent = isSegment ? segment.info.sentryParentSpanId : undefined;
  const parentSpanId = sentryParent ?? parts.parentSpanId;
  const { status, message } = readStatus(span);
  const attributes: RawAttributes = {};
  addKnown(attributes, readCommonAttributes(parts, client));
  addKnown(attributes, readOwnAttributes(parts, name, message));
  addKnown(attributes, span.attributes);
  addKnown(attributes, {
    "sentry.op": name.op,
    "messaging.destination.name": readDestination(span.kind, span.attributes),
  });
  delete attributes["sentry.custom_span_name"];
  return {
    name: name.name,
    span_id: spanId,
    trace_id: traceId,
    ...(parentSpanId !== undefined && { parent_span_id: parentSpanId }),
    start_timestamp: toSeconds(span.startTime),
    end_timestamp: toSeconds(span.endTime),
    is_segment: isSegment,
    status,
    attributes,
    ...(span.links.length > 0 && { links: span.links.map(createLink) }),
  };
}

function readOwnAttributes(
  { span, isSegment, segment }: SpanParts,
  name: SentryName,
  statusMessage: string | undefined,
): RawAttributes {
  const { kind, instrumentationScope } = span;
  return {
    "sentry.origin": readOrigin(instrumentationScope.name, kind, name.op),
    "sentry.kind": KINDS[kind],
    "sentry.status.message": statusMessage,
    "sentry.segment.name.source": isSegment ? name.source : undefined,
    "sentry.sample_rate": isSegment ? segment.localSampleRate : undefined,
  };
}

function readCommonAttributes(parts: SpanParts, client: BridgeClient): RawAttributes {
  const { scopes, segmentName, segmentSpanId, serviceName, serviceAttributes, isSegment } = parts;
  const { user, attributes } = getCombinedScopeData(scopes.isolationScope, scopes.scope);
  const { release, environment } = client.getOptions();
  const sdk = client.getSdkMetadata()?.sdk;
  return {
    ...serviceAttributes,
    ...attributes,
    "sentry.trace_lifecycle": "stream",
    "sentry.segment.name": segmentName?.name,
    "sentry.segment.id": segmentSpanId,
    "sentry.sdk.name": sdk?.name,
    "sentry.sdk.version": sdk?.version,
    "sentry.sdk.integrations": isSegment ? client.getIntegrationNames() : undefined,
    "sentry.release": release,
    "sentry.environment": environment ?? "production",
    "service.name": serviceName,
    "user.id": user.id,
    "user.email": user.email,
    "user.ip_address": user.ip_address,
    "user.name": user.username,
  };
}

function createLink({ context, attributes }: Link): NonNullable<StreamedSpanJSON["links"]>[number] {
  const { traceId, spanId } = context;
  const link = { trace_id: traceId, span_id: spanId, sampled: isSampled(context) };
  return attributes ? { ...link, attributes } : link;
}

function isSampled(spanContext: SpanContext): boolean {
  return (spanContext.traceFlags & 1) === 1;
}

function toSeconds([seconds, nanoseconds]: HrTime): number {
  return seconds + nanoseconds / 1e9;
}

/** Done several times for every span: lists of entries would cost more than all the rest. */
function addKnown(attributes: RawAttributes, more: Readonly<RawAttributes>): void {
  for (const key of Object.keys(more)) {
    const value = more[key];
    if (value !== undefined && value !== null) attributes[key] = value;
  }
}
