import { isSpanContextValid, propagation, trace } from "@opentelemetry/api";
import type {
  Context,
  SpanContext,
  TextMapGetter,
  TextMapPropagator,
  TextMapSetter,
} from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import { readOutgoingBaggage } from "../business-context/index.ts";
import { readTraceState, readTraceStateHeader } from "../trace-state/index.ts";
import type { Dsc } from "../trace-state/index.ts";
import { readBaggageHeader, withoutSentryMembers, writeBaggageHeader } from "./baggage.ts";
import type { ReadBaggage } from "./baggage.ts";
import type { DscSource } from "./dsc-source.ts";
import { readHeader } from "./headers.ts";
import { createRemoteParent } from "./incoming-trace.ts";
import { readSentryTrace, writeSentryTrace } from "./sentry-trace.ts";
import { readTraceParent, writeTraceParent } from "./traceparent.ts";

export interface PropagationFormats {
  /** `traceparent` and `tracestate`. */
  readonly tracecontext: boolean;
  /** `baggage`, without Sentry's members. */
  readonly baggage: boolean;
  /** `sentry-trace` and Sentry's members of `baggage`. */
  readonly sentry: boolean;
}

export interface TracePropagatorOptions {
  readonly formats: PropagationFormats;
  /** Given when a Sentry client runs; without it Sentry's headers are passed through as they came. */
  readonly dsc?: DscSource;
  /** Which headers to follow when the two families name different traces; default `w3c`. */
  readonly preferOnConflict?: "w3c" | "sentry";
}

const TRACEPARENT = "traceparent";
const TRACESTATE = "tracestate";
const BAGGAGE = "baggage";
const SENTRY_TRACE = "sentry-trace";

/**
 * Speaks both families of trace headers in both directions. Works on any context, active or not, as the http, undici
 * and amqplib instrumentations need it. Neither method throws: a bad header is ignored, never an error of the request.
 */
export class TracePropagator implements TextMapPropagator {
  readonly #options: TracePropagatorOptions;

  constructor(options: TracePropagatorOptions) {
    this.#options = options;
  }

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    if (isTracingSuppressed(context)) return;
    const found = trace.getSpanContext(context);
    const spanContext = found && isSpanContextValid(found) ? found : undefined;
    try {
      for (const [key, value] of this.#writeHeaders(context, spanContext)) {
        if (value !== "") setter.set(carrier, key, value);
      }
    } catch {
      // A carrier that takes no headers (frozen, or of a foreign type) gets none.
    }
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const { formats, dsc: source, preferOnConflict = "w3c" } = this.#options;
    const read = (key: string): string[] => readHeader(carrier, key, getter);
    const baggage = readBaggageHeader(formats.baggage || formats.sentry ? read(BAGGAGE) : []);
    const extracted = this.#withBaggage(context, baggage);
    const sentry = formats.sentry ? readSentryTrace(read(SENTRY_TRACE)) : undefined;
    const w3c = formats.tracecontext ? readTraceParent(read(TRACEPARENT)) : undefined;
    const traceState = w3c && readTraceStateHeader(read(TRACESTATE));
    const dsc = formats.sentry ? baggage.sentry : {};
    const parent = createRemoteParent({ w3c, traceState, sentry, dsc }, preferOnConflict);
    if (!parent || (source && isStranger(parent, source))) return extracted;
    return trace.setSpanContext(extracted, parent);
  }

  fields(): string[] {
    const { tracecontext, baggage, sentry } = this.#options.formats;
    return [
      ...(tracecontext ? [TRACEPARENT, TRACESTATE] : []),
      ...(baggage || sentry ? [BAGGAGE] : []),
      ...(sentry ? [SENTRY_TRACE] : []),
    ];
  }

  #writeHeaders(context: Context, spanContext: SpanContext | undefined): [key: string, value: string][] {
    const { tracecontext, baggage, sentry } = this.#options.formats;
    const all = baggage ? readOutgoingBaggage(context) : undefined;
    const others = sentry ? withoutSentryMembers(all) : all;
    if (!spanContext) return [[BAGGAGE, writeBaggageHeader(undefined, others)]];
    const dsc = sentry ? this.#readDsc(spanContext) : undefined;
    return [
      [TRACEPARENT, tracecontext ? writeTraceParent(spanContext) : ""],
      [TRACESTATE, tracecontext ? (spanContext.traceState?.serialize() ?? "") : ""],
      [SENTRY_TRACE, sentry ? writeSentryTrace(readOutgoing(spanContext)) : ""],
      [BAGGAGE, writeBaggageHeader(dsc, others)],
    ];
  }

  #readDsc(spanContext: SpanContext): Dsc | undefined {
    const { dsc } = this.#options;
    return dsc ? dsc.readDsc(spanContext) : readTraceState(spanContext)?.info.frozenDsc;
  }

  /** Sentry's members become the DSC; where that family is switched off they are baggage like any other. */
  #withBaggage(context: Context, { sentry, others }: ReadBaggage): Context {
    const { formats } = this.#options;
    if (!formats.baggage) return context;
    const entries = { ...others };
    if (!formats.sentry) {
      for (const [key, value] of Object.entries(sentry)) entries[`sentry-${key}`] = { value };
    }
    if (Object.keys(entries).length === 0) return context;
    return propagation.setBaggage(context, propagation.createBaggage(entries));
  }
}

/** Another organisation's trace is not ours to continue; a trace without any Sentry header belongs to nobody. */
function isStranger(parent: SpanContext, source: DscSource): boolean {
  const dsc = readTraceState(parent)?.info.frozenDsc;
  return dsc !== undefined && !source.isTrustedOrganization(dsc["org_id"]);
}

function readOutgoing(spanContext: SpanContext): {
  traceId: string;
  spanId: string;
  sampled: boolean | undefined;
} {
  const state = readTraceState(spanContext);
  // A context that is only passed through keeps the parent that its Sentry header named.
  const spanId = (state && !state.segment && state.info.sentryParentSpanId) || spanContext.spanId;
  return { traceId: spanContext.traceId, spanId, sampled: state?.info.sampled };
}
