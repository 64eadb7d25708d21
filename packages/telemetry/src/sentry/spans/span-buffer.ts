import type { SpanContext } from "@opentelemetry/api";
import type { DscSource } from "../../propagation/index.ts";
import { inBackground } from "../background.ts";
import type { Timer } from "../background.ts";
import type { BridgeClient } from "../client/bridge-client.ts";
import type { WrittenEnvelope } from "../transport/queued-transport.ts";
import { writeAttribute } from "./attribute-text.ts";
import type { SegmentState } from "./segment-state.ts";
import type { EnvelopeWriter } from "./span-envelope.ts";
import type { KeptText } from "./span-store.ts";
import { SEGMENT_NAME, writeEnding } from "./span-text.ts";
import type { SpanEnding, WrittenSpan } from "./span-text.ts";

const MAX_SPANS = 1_000;
/** Of one envelope; Sentry takes 5 MB. */
const MAX_BYTES = 4_000_000;
/** Of all traces together; more goes to the transport, which knows what to do with too much. */
const MAX_TOTAL_BYTES = 8_000_000;
/** Spans of a segment that goes on are sent this often. */
const MAX_WAIT_MILLIS = 5_000;
/** After a segment has ended, for the spans that end a moment after it. */
const SETTLE_MILLIS = 500;
const TICK_MILLIS = 250;
/** What comes to the name of a segment where a span ends. */
const ENDING_BYTES = 60;

export interface SpanBufferParts<Kept extends KeptText> {
  readonly client: BridgeClient;
  readonly dscSource: DscSource;
  readonly envelopes: EnvelopeWriter<Kept>;
  /** An envelope that has reached so many bytes is sent; default 4 MB. */
  readonly maxBytes?: number;
  readonly scrubText: (text: string) => string;
  readonly send: (envelopes: readonly WrittenEnvelope[]) => void;
  readonly onProblem: (error: unknown) => void;
}

interface Entry<Kept extends KeptText> {
  readonly written: Kept;
  readonly ending: SpanEnding;
  readonly state: SegmentState;
}

interface Bucket<Kept extends KeptText> {
  entries: Entry<Kept>[];
  readonly spanContext: SpanContext;
  bytes: number;
  dueAt: number;
}

/** Collects spans by trace, as an envelope may only hold one trace, and sends each trace when it seems complete. */
export class SpanBuffer<Kept extends KeptText> {
  readonly #parts: SpanBufferParts<Kept>;
  /** The oldest first. */
  readonly #buckets = new Map<string, Bucket<Kept>>();
  readonly #maxBytes: number;
  #bytes = 0;
  #timer: Timer | undefined;

  constructor(parts: SpanBufferParts<Kept>) {
    this.#parts = parts;
    this.#maxBytes = parts.maxBytes ?? MAX_BYTES;
  }

  /** `segmentName` as far as it is known by now. */
  add({ start, ending }: WrittenSpan, spanContext: SpanContext, state: SegmentState, segmentName = ""): void {
    const bucket = this.#getBucket(spanContext);
    const written = this.#parts.envelopes.keep(start);
    const bytes = ENDING_BYTES + segmentName.length + written.end - written.start + ending.links.length;
    bucket.entries.push({ written, ending, state });
    bucket.bytes += bytes;
    this.#bytes += bytes;
    if (bucket.entries.length >= MAX_SPANS || bucket.bytes >= this.#maxBytes) this.#send([bucket]);
    if (this.#bytes > MAX_TOTAL_BYTES) this.#send(this.#findTooMany());
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
    if (kept.length === 0) this.#remove(bucket);
    return count;
  }

  drain(): void {
    this.#send([...this.#buckets.values()]);
  }

  #getBucket(spanContext: SpanContext): Bucket<Kept> {
    const existing = this.#buckets.get(spanContext.traceId);
    if (existing) return existing;
    const created: Bucket<Kept> = { entries: [], spanContext, bytes: 0, dueAt: Date.now() + MAX_WAIT_MILLIS };
    this.#buckets.set(spanContext.traceId, created);
    // Does not keep the process alive: the exit flushes.
    this.#timer ??= inBackground(setInterval(() => this.#sendDue(), TICK_MILLIS));
    return created;
  }

  #sendDue(): void {
    const now = Date.now();
    this.#send([...this.#buckets.values()].filter(({ dueAt }) => dueAt <= now));
  }

  /** The oldest, until the others are few enough. */
  #findTooMany(): Bucket<Kept>[] {
    const found: Bucket<Kept>[] = [];
    let bytes = this.#bytes;
    for (const bucket of this.#buckets.values()) {
      if (bytes <= MAX_TOTAL_BYTES) break;
      bytes -= bucket.bytes;
      found.push(bucket);
    }
    return found;
  }

  #send(buckets: readonly Bucket<Kept>[]): void {
    if (buckets.length === 0) return;
    for (const bucket of buckets) this.#remove(bucket);
    this.#parts.send(buckets.flatMap((bucket) => this.#tryToWrite(bucket)));
  }

  #remove({ spanContext, bytes }: Bucket<Kept>): void {
    this.#buckets.delete(spanContext.traceId);
    this.#bytes -= bytes;
    if (this.#buckets.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tryToWrite(bucket: Bucket<Kept>): WrittenEnvelope[] {
    try {
      return [this.#write(bucket)];
    } catch (error) {
      this.#parts.client.countLoss("internal_sdk_error", "span", bucket.entries.length);
      this.#parts.onProblem(error);
      return [];
    }
  }

  #write({ entries, spanContext }: Bucket<Kept>): WrittenEnvelope {
    const { dscSource, envelopes } = this.#parts;
    const names = new Map<SegmentState, string>();
    const spans = entries.map(({ written, ending, state }) => {
      const name = names.get(state) ?? this.#writeSegmentName(state);
      names.set(state, name);
      return { written, ending: writeEnding(ending, name) };
    });
    return envelopes.write(spans, dscSource.readDsc(spanContext));
  }

  /** A child often ends before its segment knows its name: the route is matched late. */
  #writeSegmentName(state: SegmentState): string {
    const name = state.readName()?.name;
    return name === undefined ? "" : writeAttribute(SEGMENT_NAME, this.#parts.scrubText(name));
  }
}
