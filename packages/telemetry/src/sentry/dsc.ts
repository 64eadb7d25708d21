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

  constructor(client: BridgeClient, segments: SegmentReader) {
    this.#client = client;
    this.#segments = segments;
  }

  readDsc(spanContext: SpanContext): Dsc | undefined {
    const state = readTraceState(spanContext);
    if (!state) return undefined;
    return state.info.frozenDsc ?? this.#createDsc(state.info, state.segment);
  }

  readSpanId(spanContext: SpanContext): string {
    const segment = readSegment(spanContext);
    return segment ? this.#segments.findKeptSpan(segment, spanContext.spanId) : spanContext.spanId;
  }

  isTrustedOrganization(orgId: string | undefined): boolean {
    return shouldContinueTrace(this.#client, orgId);
  }

  #createDsc(info: TraceInfo, segment: Segment | undefined): Dsc {
    const transaction = segment && this.#segments.readTransaction(segment);
    const dsc = {
      ...getDynamicSamplingContextFromClient(info.traceId, this.#client),
      ...(info.sampleRate !== undefined && { sample_rate: String(info.sampleRate) }),
      sample_rand: formatSampleRand(info.sampleRand),
      ...(info.sampled !== undefined && { sampled: String(info.sampled) }),
      ...(transaction !== undefined && { transaction }),
    };
    return Object.fromEntries(Object.entries(dsc).filter(isMember));
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

function isMember(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === "string" && entry[1] !== "";
}
