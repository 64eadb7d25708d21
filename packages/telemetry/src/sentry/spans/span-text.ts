import { SpanKind, TraceFlags } from "@opentelemetry/api";
import type { HrTime, Link } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { isAddressOfClient, MAX_SENTRY_TEXT_LENGTH } from "../../scrubbing/index.ts";
import type { Segment } from "../../trace-state/index.ts";
import type { SpanScopes } from "../scopes/span-scopes.ts";
import { AttributeText, isKnown, writeText } from "./attribute-text.ts";
import { readDestination } from "./destination.ts";
import type { SentryName } from "./naming.ts";
import { readScopeAttributes } from "./scope-attributes.ts";
import type { SharedAttributes } from "./shared-attributes.ts";
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
  readonly scopes: SpanScopes;
}

/** A span as text of Sentry's JSON, but for the name of its segment, which becomes known last. */
export interface WrittenSpan {
  /** Up to its last attribute. */
  readonly start: string;
  readonly ending: SpanEnding;
}

/** What is to be known for the end of a span's text. */
export interface SpanEnding {
  readonly hasAttributes: boolean;
  /** Whether the application, or a hook, has named the segment of this span itself. */
  readonly hasSegmentName: boolean;
  /** Empty where there are none. */
  readonly links: string;
}

/** How nearly all spans end. */
const PLAIN_ENDING: SpanEnding = { hasAttributes: true, hasSegmentName: false, links: "" };

export const SEGMENT_NAME = "sentry.segment.name";
const OP = "sentry.op";
const CUSTOM_NAME = "sentry.custom_span_name";
const DESTINATION = "messaging.destination.name";

const KINDS: Readonly<Record<SpanKind, string | undefined>> = {
  [SpanKind.INTERNAL]: undefined,
  [SpanKind.SERVER]: "server",
  [SpanKind.CLIENT]: "client",
  [SpanKind.PRODUCER]: "producer",
  [SpanKind.CONSUMER]: "consumer",
};

/**
 * An ended span in Sentry's words. Attributes that the span has itself are kept; below them comes what the bridge knows
 * of it, what all spans share, and what the application told Sentry's scopes.
 * @see https://develop.sentry.dev/sdk/telemetry/spans/span-protocol/
 */
export function writeSpan(parts: SpanParts, shared: SharedAttributes): WrittenSpan {
  const { span, isSegment, segmentName } = parts;
  const name = isSegment && segmentName ? segmentName : shared.surroundings.nameSpan(span);
  const { status, message } = readStatus(span);
  // Made of what is scrubbed already, save the name of a segment: a route comes from the framework.
  const written = writeText(isSegment ? shared.scrubText(name.name) : name.name);
  const fields = writeFields(parts, written, status);
  return {
    start: `{${fields},"attributes":{${writeAttributes(parts, shared, name, message)}`,
    ending: readEnding(span),
  };
}

/** What follows the start. `segmentName` is that attribute, written, or "". */
export function writeEnding(
  { hasAttributes, hasSegmentName, links }: SpanEnding,
  segmentName: string,
): string {
  const isNamed = !hasSegmentName && segmentName !== "";
  const name = isNamed ? `${hasAttributes ? "," : ""}${segmentName}` : "";
  return `${name}}${links === "" ? "" : `,"links":[${links}]`}}`;
}

function readEnding({ attributes, links }: ReadableSpan): SpanEnding {
  const hasSegmentName = isKnown(attributes, SEGMENT_NAME);
  if (links.length === 0 && !hasSegmentName) return PLAIN_ENDING;
  return { hasAttributes: true, hasSegmentName, links: links.map(writeLink).join(",") };
}

function writeFields(parts: SpanParts, name: string, status: string): string {
  const { span, isSegment, segment, parentSpanId } = parts;
  const { traceId, spanId } = span.spanContext();
  const parent = (isSegment ? segment.info.sentryParentSpanId : undefined) ?? parentSpanId;
  return (
    `"name":${name},"span_id":"${spanId}","trace_id":"${traceId}"` +
    (parent === undefined ? "" : `,"parent_span_id":"${parent}"`) +
    `,"start_timestamp":${writeSeconds(span.startTime)},"end_timestamp":${writeSeconds(span.endTime)}` +
    `,"is_segment":${isSegment},"status":"${status}"`
  );
}

function writeAttributes(
  parts: SpanParts,
  shared: SharedAttributes,
  name: SentryName,
  statusMessage: string | undefined,
): string {
  const { span, isSegment, scopes } = parts;
  const { kind } = span;
  const { current, isolation } = scopes.readData();
  const scoped = readScopeAttributes(shared.globalScope.getScopeData(), isolation, current);
  const isServer = kind === SpanKind.SERVER;
  const attributes = scoped ? shared.addScoped(span.attributes, scoped, isServer) : span.attributes;
  const keys = Object.keys(attributes);
  const written = new AttributeText();
  addOwn(written, span, { attributes, keys, op: name.op, shared });
  const addBelow = (key: string, value: unknown): void => {
    if (value !== undefined && !isKnown(attributes, key)) written.add(key, value);
  };
  addBelow("sentry.origin", shared.surroundings.readOrigin(span.instrumentationScope.name, kind, name.op));
  addBelow("sentry.kind", KINDS[kind]);
  addBelow("sentry.status.message", statusMessage);
  addBelow("sentry.segment.id", parts.segmentSpanId);
  const request = shared.surroundings.readRequest(
    isolation.sdkProcessingMetadata,
    scoped?.["user.ip_address"],
  );
  addBelow("sentry.is_localhost", request.isLocalhost);
  if (isSegment) {
    addBelow("sentry.segment.name.source", name.source);
    addBelow("sentry.sample_rate", parts.segment.localSampleRate);
    addBelow("url.full", request.url && shared.scrubAttribute("url.full", request.url));
    addBelow("http.request.method", request.method);
    written.append(shared.writeForSegment(attributes, keys));
  }
  written.append(shared.writeForSpan(attributes, keys));
  return written.text;
}

interface OwnAttributes {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly keys: readonly string[];
  readonly op: string | undefined;
  readonly shared: SharedAttributes;
}

/** The span's own attributes, save what Sentry has another word for, and what it is not to have. */
function addOwn(
  written: AttributeText,
  span: ReadableSpan,
  { attributes, keys, op, shared }: OwnAttributes,
): void {
  const destination = readDestination(span.kind, span.attributes);
  const isServer = span.kind === SpanKind.SERVER;
  for (const key of keys) {
    const isReplaced = (key === OP && op !== undefined) || (key === DESTINATION && destination !== undefined);
    if (isReplaced || key === CUSTOM_NAME || isAddressOfClient(key, isServer)) continue;
    const value = attributes[key];
    written.add(key, isLong(value) ? shared.scrubAttribute(key, value) : value);
  }
  if (op !== undefined) written.add(OP, op);
  if (destination !== undefined) written.add(DESTINATION, destination);
}

/** An application may allow longer attributes than Sentry takes; scrubbing cuts them. */
function isLong(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isLong);
  return typeof value === "string" && value.length > MAX_SENTRY_TEXT_LENGTH;
}

function writeLink({ context, attributes = {} }: Link): string {
  const written = new AttributeText();
  for (const key of Object.keys(attributes)) written.add(key, attributes[key]);
  const { traceId, spanId, traceFlags } = context;
  const ids = `"trace_id":${writeText(traceId)},"span_id":${writeText(spanId)}`;
  return `{${ids},"sampled":${(traceFlags & TraceFlags.SAMPLED) !== 0},"attributes":{${written.text}}}`;
}

/** To the nanosecond, which a binary fraction cannot hold. An application may have given a time in parts of one. */
function writeSeconds([seconds, nanoseconds]: HrTime): string {
  const isWhole = Number.isInteger(seconds) && Number.isInteger(nanoseconds);
  const isTime = isWhole && seconds >= 0 && nanoseconds >= 0 && nanoseconds < 1e9;
  if (isTime) return `${seconds}.${String(nanoseconds).padStart(9, "0")}`;
  return JSON.stringify(seconds + nanoseconds / 1e9);
}
