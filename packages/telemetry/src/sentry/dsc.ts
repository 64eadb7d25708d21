import type { SpanContext } from "@opentelemetry/api";
import { getDynamicSamplingContextFromClient, shouldContinueTrace } from "@sentry/core";
import type { DscSource } from "../propagation/index.ts";
import { formatSampleRand, readSegment, readTraceState } from "../trace-state/index.ts";
import type { Dsc, Segment, TraceInfo } from "../trace-state/index.ts";
import type { BridgeClient } from "./client/bridge-client.ts";

/** What a running segment tells about itself. */
interface SegmentReader {
  /** Its name, unless that might hold ids (a plain URL). */
  readTransaction(segment: Segment): string | undefined;
  /** The nearest span, from this one upwards, that Sentry has. */
  findKeptSpan(segment: Segment, spanId: string): string;
}

/**
 * Sentry's dynamic sampling context of a trace: what it arrived with, unchanged, or, when this service is the first of
 * Sentry's on its way, one of our own.
 * @see https://develop.sentry.dev/sdk/foundations/trace-propagation/dynamic-sampling-context/
 */
export class ClientDscSource implements DscSource {
  readonly #client: BridgeClient;
  readonly #segments: SegmentReader;
  readonly #made = new WeakMap<TraceInfo, Dsc>();

  constructor(client: BridgeClient, segments: SegmentReader) {
    this.#client = client;
    this.#segments = segments;
  }

  readDsc(spanContext: SpanContext): Dsc | undefined {
    const state = readTraceState(spanContext);
    if (!state) return undefined;
    return state.info.frozenDsc ?? this.#readOwn(state.info, state.segment);
  }

  readSpanId(spanContext: SpanContext): string {
    const segment = readSegment(spanContext);
    return segment ? this.#segments.findKeptSpan(segment, spanContext.spanId) : spanContext.spanId;
  }

  isTrustedOrganization(orgId: string | undefined): boolean {
    return shouldContinueTrace(this.#client, orgId);
  }

  /** Made anew only when the segment has got another name since. */
  #readOwn(info: TraceInfo, segment: Segment | undefined): Dsc {
    const transaction = segment && this.#segments.readTransaction(segment);
    const known = this.#made.get(info);
    if (known && known["transaction"] === transaction) return known;
    const dsc = this.#createDsc(info, transaction);
    this.#made.set(info, dsc);
    return dsc;
  }

  #createDsc({ traceId, sampleRate, sampleRand, sampled }: TraceInfo, transaction: string | undefined): Dsc {
    const members: Readonly<Record<string, unknown>> = {
      ...getDynamicSamplingContextFromClient(traceId, this.#client),
      sample_rate: sampleRate === undefined ? undefined : String(sampleRate),
      sample_rand: formatSampleRand(sampleRand),
      sampled: sampled === undefined ? undefined : String(sampled),
      transaction,
    };
    const dsc: Record<string, string> = {};
    for (const key in members) {
      const value = members[key];
      if (typeof value === "string" && value !== "") dsc[key] = value;
    }
    return dsc;
  }
}

/** Lets Sentry's own code (errors, `getTraceData`) see our context where it would compute one from the span. */
export function provideDscToClient(client: BridgeClient, source: DscSource): void {
  client.on("createDsc", (dsc, span) => {
    const own = span && source.readDsc(span.spanContext());
    if (!own) return;
    for (const key of Object.keys(dsc)) Reflect.deleteProperty(dsc, key);
    Object.assign(dsc, own);
  });
}
