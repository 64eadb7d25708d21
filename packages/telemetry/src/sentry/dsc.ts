import type { SpanContext } from "@opentelemetry/api";
import { shouldContinueTrace } from "@sentry/core";
import type { DscSource } from "../propagation/index.ts";
import { formatSampleRand, readSegment, readTraceState } from "../trace-state/index.ts";
import type { Dsc, Segment, TraceInfo } from "../trace-state/index.ts";
import type { BridgeClient } from "./client/bridge-client.ts";
import { ClientMembers } from "./client/client-members.ts";
import type { SegmentStates } from "./spans/segment-state.ts";

/** Kept by the segment itself: a map of all of them would cost more than making the context. */
const DSC = Symbol("tracebridge.dsc");

interface SegmentWithDsc extends Segment {
  [DSC]?: Dsc;
}

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
class ClientDscSource implements DscSource {
  readonly #client: BridgeClient;
  readonly #segments: SegmentReader;
  readonly #clientMembers: ClientMembers;

  constructor(client: BridgeClient, segments: SegmentReader) {
    this.#client = client;
    this.#clientMembers = new ClientMembers(client);
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

  /** Made anew when the segment has got another name since, or when somebody wants to see each context. */
  #readOwn(info: TraceInfo, segment: SegmentWithDsc | undefined): Dsc {
    if (!segment) return this.#createDsc(info, undefined);
    const transaction = this.#segments.readTransaction(segment) || undefined;
    if (this.#client.hasDscHooks) return this.#createDsc(info, transaction);
    const known = segment[DSC];
    if (known && known["transaction"] === transaction) return known;
    const dsc = this.#createDsc(info, transaction);
    segment[DSC] = dsc;
    return dsc;
  }

  #createDsc({ traceId, sampleRate, sampleRand, sampled }: TraceInfo, transaction: string | undefined): Dsc {
    const dsc = this.#clientMembers.create(traceId);
    setMember(dsc, "sample_rate", sampleRate === undefined ? undefined : String(sampleRate));
    setMember(dsc, "sample_rand", formatSampleRand(sampleRand));
    setMember(dsc, "sampled", sampled === undefined ? undefined : String(sampled));
    setMember(dsc, "transaction", transaction);
    return dsc;
  }
}

/** What nobody knows is left out, whatever a listener of Sentry's hook may have written. */
function setMember(dsc: Record<string, string>, key: string, value: string | undefined): void {
  if (value !== undefined) dsc[key] = value;
  else if (key in dsc) Reflect.deleteProperty(dsc, key);
}

/** The source of all contexts of `client`, which Sentry's own code asks from now on, too. */
export function createDscSource(
  client: BridgeClient,
  states: SegmentStates,
  scrubText: (text: string) => string,
): DscSource {
  const source = new ClientDscSource(client, {
    readTransaction: (segment) => {
      const name = states.get(segment).readName();
      return name && name.source !== "url" ? scrubText(name.name) : undefined;
    },
    findKeptSpan: (segment, spanId) => states.get(segment).findKeptSpan(spanId),
  });
  provideDscToClient(client, source);
  return source;
}

/** Lets Sentry's own code (errors, `getTraceData`) see our context where it would compute one from the span. */
function provideDscToClient(client: BridgeClient, source: DscSource): void {
  client.on("createDsc", (dsc, span) => {
    const own = span && source.readDsc(span.spanContext());
    if (!own) return;
    for (const key of Object.keys(dsc)) Reflect.deleteProperty(dsc, key);
    Object.assign(dsc, own);
  });
}
