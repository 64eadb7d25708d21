import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { readOtlpTraces, readSentryEnvelope, type SentryEnvelope } from "@tracebridge/receivers";

/** What has arrived from one sender over one protocol. */
export interface Counts {
  requests: number;
  /** Of the bodies, as they were sent and as they were before compression. */
  sentBytes: number;
  bytes: number;
  /** Different spans; one that comes twice is counted once and as `duplicates`. */
  spans: number;
  duplicates: number;
  traces: number;
  /** How many traces have how many spans: `{ "3": 1000 }`. */
  tracesBySpans: Record<string, number>;
  /** Requests that carry a trace at least: not those of sessions or client reports. */
  requestsWithSpans: number;
  logs: number;
  events: number;
  /** Spans the sender says it gave up (client reports). */
  discardedSpans: number;
}

/** A request, with its body as it was sent. */
export interface Arrival {
  kind: "sentry" | "otlp-traces" | "otlp-other";
  contentType: string;
  contentEncoding: string;
  sent: Buffer;
}

interface SpanId {
  traceId: string;
  spanId: string;
}

/** Counts the arrivals of one protocol; understands them only when it is asked, as load must not wait for that. */
export class Counter {
  #arrivals: Arrival[] = [];
  #heldBytes = 0;
  #counts = createCounts();
  readonly #spansByTrace = new Map<string, Set<string>>();
  readonly #maxHeldBytes: number;

  constructor(maxHeldBytes = 128 * 1024 * 1024) {
    this.#maxHeldBytes = maxHeldBytes;
  }

  add(arrival: Arrival): void {
    this.#arrivals.push(arrival);
    this.#heldBytes += arrival.sent.length;
    if (this.#heldBytes > this.#maxHeldBytes) this.#understand();
  }

  read(): Counts {
    this.#understand();
    const tracesBySpans: Record<string, number> = {};
    for (const { size } of this.#spansByTrace.values()) tracesBySpans[size] = (tracesBySpans[size] ?? 0) + 1;
    return { ...this.#counts, traces: this.#spansByTrace.size, tracesBySpans };
  }

  reset(): void {
    this.#arrivals = [];
    this.#heldBytes = 0;
    this.#counts = createCounts();
    this.#spansByTrace.clear();
  }

  #understand(): void {
    for (const arrival of this.#arrivals) {
      this.#counts.requests += 1;
      this.#counts.sentBytes += arrival.sent.length;
      const body = unpack(arrival);
      this.#counts.bytes += body.length;
      const spans = arrival.kind === "sentry" ? this.#readSentry(body) : readOtlp(arrival, body);
      if (spans.length > 0) this.#counts.requestsWithSpans += 1;
      for (const span of spans) this.#countSpan(span);
    }
    this.#arrivals = [];
    this.#heldBytes = 0;
  }

  #readSentry(body: Buffer): SpanId[] {
    const envelope = readSentryEnvelope(body);
    this.#counts.logs += envelope.logs.length;
    this.#counts.events += envelope.events.length;
    for (const { discarded } of envelope.clientReports) {
      for (const { category, quantity } of discarded)
        if (category === "span" || category === "transaction") this.#counts.discardedSpans += quantity;
    }
    return [...envelope.spans, ...readTransactions(envelope)];
  }

  #countSpan({ traceId, spanId }: SpanId): void {
    const ids = this.#spansByTrace.get(traceId) ?? new Set();
    if (ids.has(spanId)) this.#counts.duplicates += 1;
    else this.#counts.spans += 1;
    this.#spansByTrace.set(traceId, ids.add(spanId));
  }
}

function createCounts(): Counts {
  return {
    requests: 0,
    sentBytes: 0,
    bytes: 0,
    spans: 0,
    duplicates: 0,
    traces: 0,
    tracesBySpans: {},
    requestsWithSpans: 0,
    logs: 0,
    events: 0,
    discardedSpans: 0,
  };
}

function unpack({ sent, contentEncoding }: Arrival): Buffer {
  if (contentEncoding === "" || contentEncoding === "identity") return sent;
  if (contentEncoding === "gzip") return gunzipSync(sent);
  if (contentEncoding === "zstd") return zstdDecompressSync(sent);
  throw new Error(`content-encoding ${contentEncoding}`);
}

function readOtlp({ kind, contentType }: Arrival, body: Buffer): SpanId[] {
  return kind === "otlp-traces" ? readOtlpTraces(body, contentType) : [];
}

/** Transactions are the traces of Sentry's older protocol: the segment is in the context, the other spans in a list. */
function readTransactions({ other }: SentryEnvelope): SpanId[] {
  return other
    .filter(({ type }) => type === "transaction")
    .flatMap(({ payload }) => {
      const { contexts, spans } = payload as {
        contexts: { trace: { trace_id: string; span_id: string } };
        spans: { trace_id: string; span_id: string }[];
      };
      return [contexts.trace, ...spans].map((span) => ({ traceId: span.trace_id, spanId: span.span_id }));
    });
}
