import type { SpanContext } from "@opentelemetry/api";
import { getSdkMetadataForEnvelopeHeader } from "@sentry/core";
import type { StreamedSpanJSON } from "@sentry/core";
import type { DscSource } from "../../propagation/index.ts";
import { estimateSize, toWellFormed, typeAttributes } from "../attributes.ts";
import type { TypedAttribute } from "../attributes.ts";
import type { BridgeClient } from "../client/bridge-client.ts";
import type { SentryEnvelope } from "../types.ts";
import type { SegmentState } from "./segment-state.ts";

const MAX_SPANS = 1_000;
/** Sentry takes 5 MB; the estimate may be off. */
const MAX_BYTES = 4_000_000;
/** Of all traces together; more goes to the transport, which knows what to do with too much. */
const MAX_TOTAL_BYTES = 8_000_000;
/** Spans of a segment that goes on are sent this often. */
const MAX_WAIT_MILLIS = 5_000;
/** After a segment has ended, for the spans that end a moment after it. */
const SETTLE_MILLIS = 500;
const TICK_MILLIS = 250;

/** A span as it goes into the envelope. */
interface SpanItem extends Omit<StreamedSpanJSON, "attributes" | "links"> {
  readonly attributes: Record<string, TypedAttribute>;
  readonly links?: readonly Record<string, unknown>[];
}

interface Entry {
  readonly item: SpanItem;
  readonly state: SegmentState;
  /** The name of the segment when the span ended; a hook may have put another one into the attributes. */
  readonly segmentName: string | undefined;
}

interface Bucket {
  entries: Entry[];
  readonly spanContext: SpanContext;
  bytes: number;
  dueAt: number;
}

/** Collects spans by trace, as an envelope may only hold one trace, and sends each trace when it seems complete. */
export class SpanBuffer {
  readonly #client: BridgeClient;
  readonly #dscSource: DscSource;
  readonly #send: (envelope: SentryEnvelope) => void;
  /** The oldest first. */
  readonly #buckets = new Map<string, Bucket>();
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(client: BridgeClient, dscSource: DscSource, send: (envelope: SentryEnvelope) => void) {
    this.#client = client;
    this.#dscSource = dscSource;
    this.#send = send;
  }

  add(span: StreamedSpanJSON, spanContext: SpanContext, state: SegmentState, segmentName?: string): void {
    const bucket = this.#getBucket(spanContext);
    const item = createItem(span);
    const bytes = 200 + item.name.length + estimateSize(item.attributes);
    bucket.entries.push({ item, state, segmentName });
    bucket.bytes += bytes;
    this.#bytes += bytes;
    if (bucket.entries.length >= MAX_SPANS || bucket.bytes >= MAX_BYTES) this.#flush(spanContext.traceId);
    for (const traceId of this.#buckets.keys()) {
      if (this.#bytes <= MAX_TOTAL_BYTES) break;
      this.#flush(traceId);
    }
  }

  segmentEnded(traceId: string): void {
    const bucket = this.#buckets.get(traceId);
    if (bucket) bucket.dueAt = Math.min(bucket.dueAt, Date.now() + SETTLE_MILLIS);
  }

  /** Takes out what waits of a segment; returns how many spans that were. */
  discard(traceId: string, state: SegmentState): number {
    const bucket = this.#buckets.get(traceId);
    if (!bucket) return 0;
    const kept = bucket.entries.filter((entry) => entry.state !== state);
    const count = bucket.entries.length - kept.length;
    bucket.entries = kept;
    if (kept.length === 0) this.#take(traceId);
    return count;
  }

  drain(): void {
    for (const traceId of this.#buckets.keys()) this.#flush(traceId);
  }

  #getBucket(spanContext: SpanContext): Bucket {
    const existing = this.#buckets.get(spanContext.traceId);
    if (existing) return existing;
    const created: Bucket = { entries: [], spanContext, bytes: 0, dueAt: Date.now() + MAX_WAIT_MILLIS };
    this.#buckets.set(spanContext.traceId, created);
    // Does not keep the process alive: the exit flushes.
    this.#timer ??= setInterval(() => this.#flushDue(), TICK_MILLIS).unref();
    return created;
  }

  #flushDue(): void {
    const now = Date.now();
    for (const [traceId, { dueAt }] of this.#buckets) if (dueAt <= now) this.#flush(traceId);
  }

  #flush(traceId: string): void {
    const bucket = this.#take(traceId);
    if (bucket) this.#send(this.#createEnvelope(bucket));
  }

  #take(traceId: string): Bucket | undefined {
    const bucket = this.#buckets.get(traceId);
    if (!bucket) return undefined;
    this.#buckets.delete(traceId);
    this.#bytes -= bucket.bytes;
    if (this.#buckets.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    return bucket;
  }

  #createEnvelope(bucket: Bucket): SentryEnvelope {
    const items = bucket.entries.map(completeItem);
    const dsc = this.#dscSource.readDsc(bucket.spanContext);
    const sdk = getSdkMetadataForEnvelopeHeader(this.#client.getSdkMetadata());
    const header = {
      sent_at: new Date().toISOString(),
      // Sentry refuses a context without these two.
      ...(dsc?.["trace_id"] && dsc["public_key"] && { trace: dsc }),
      ...(sdk && { sdk }),
    };
    const contentType = "application/vnd.sentry.items.span.v2+json";
    const itemHeader = { type: "span", item_count: items.length, content_type: contentType };
    return [header, [[itemHeader, { version: 2, items }]]];
  }
}

function createItem(span: StreamedSpanJSON): SpanItem {
  const { links, attributes, ...rest } = span;
  return {
    ...rest,
    name: toWellFormed(span.name),
    attributes: typeAttributes(attributes ?? {}),
    ...(links && {
      links: links.map((link) => ({ ...link, attributes: typeAttributes(link.attributes ?? {}) })),
    }),
  };
}

/** A child often ends before its segment knows its name: the route is matched late. */
function completeItem({ item, state, segmentName }: Entry): SpanItem {
  const key = "sentry.segment.name";
  const known = state.readName()?.name;
  const isOurs = item.attributes[key]?.value === segmentName;
  if (known === undefined || known === segmentName || !isOurs) return item;
  return { ...item, attributes: { ...item.attributes, [key]: { value: known, type: "string" } } };
}
