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
import { isForPage, isForStorage, readTraceState, readTraceStateHeader } from "../trace-state/index.ts";
import type { Dsc, Reach } from "../trace-state/index.ts";
import { readBaggageHeader, withoutSentryMembers, writeBaggageHeader } from "./baggage.ts";
import type { ReadBaggage } from "./baggage.ts";
import type { DscSource } from "./dsc-source.ts";
import { readHeader } from "./headers.ts";
import type { InboundRule } from "./inbound.ts";
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
  /** Whether there is a list of receivers: then nothing is sent where the sampler named none. Default false. */
  readonly hasTargets?: boolean;
  /** Absent: all headers of requests from outside are followed. */
  readonly inbound?: InboundRule;
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
    const reach = this.#readReach(context, spanContext);
    if (reach === "none") return;
    try {
      this.#writeHeaders(context, spanContext, reach, (key, value) => {
        if (value !== "") setter.set(carrier, key, value);
      });
    } catch {
      // A carrier that takes no headers (frozen, or of a foreign type) gets none.
    }
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const { formats, preferOnConflict = "w3c", inbound } = this.#options;
    const read = (key: string): readonly string[] => readHeader(carrier, key, getter);
    const baggage = readBaggageHeader(formats.baggage || formats.sentry ? read(BAGGAGE) : []);
    const sentry = formats.sentry ? readSentryTrace(read(SENTRY_TRACE)) : undefined;
    const w3c = formats.tracecontext ? readTraceParent(read(TRACEPARENT)) : undefined;
    const traceState = w3c && readTraceStateHeader(read(TRACESTATE));
    const dsc = formats.sentry ? baggage.sentry : {};
    const named = createRemoteParent({ w3c, traceState, sentry, dsc }, preferOnConflict);
    const parent = named && this.#isStranger(named) ? undefined : named;
    if (inbound?.isFor(carrier)) {
      const readBaggage = (): Context => this.#withBaggage(context, baggage);
      const sendsRandomness = formats.sentry && !this.#options.dsc;
      return inbound.follow(context, { named, parent, readBaggage, sendsRandomness });
    }
    const withBaggage = this.#withBaggage(context, baggage);
    return parent ? trace.setSpanContext(withBaggage, parent) : withBaggage;
  }

  fields(): string[] {
    const { tracecontext, baggage, sentry } = this.#options.formats;
    return [
      ...(tracecontext ? [TRACEPARENT, TRACESTATE] : []),
      ...(baggage || sentry ? [BAGGAGE] : []),
      ...(sentry ? [SENTRY_TRACE] : []),
    ];
  }

  /** An injection that no span of a call explains is one by hand: nobody knows where it goes. */
  #readReach(context: Context, spanContext: SpanContext | undefined): Reach {
    if (isForStorage(context)) return "all";
    if (isForPage(context)) return "trace";
    return readTraceState(spanContext)?.reach ?? (this.#options.hasTargets ? "none" : "trace");
  }

  #writeHeaders(
    context: Context,
    spanContext: SpanContext | undefined,
    reach: Reach,
    write: (key: string, value: string) => void,
  ): void {
    const { tracecontext, baggage, sentry } = this.#options.formats;
    const all = baggage && reach === "all" ? readOutgoingBaggage(context) : undefined;
    const others = sentry ? withoutSentryMembers(all) : all;
    if (spanContext && tracecontext) {
      write(TRACEPARENT, writeTraceParent(spanContext));
      write(TRACESTATE, spanContext.traceState?.serialize() ?? "");
    }
    if (spanContext && sentry) {
      write(SENTRY_TRACE, writeSentryTrace(readOutgoing(spanContext, this.#options.dsc)));
    }
    write(
      BAGGAGE,
      writeBaggageHeader(spanContext && sentry ? this.#readDsc(spanContext) : undefined, others),
    );
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

  /** Another organisation's trace is not ours to continue; a trace without any Sentry header belongs to nobody. */
  #isStranger(parent: SpanContext): boolean {
    const dsc = readTraceState(parent)?.info.frozenDsc;
    const source = this.#options.dsc;
    return dsc !== undefined && source !== undefined && !source.isTrustedOrganization(dsc["org_id"]);
  }
}

function readOutgoing(
  spanContext: SpanContext,
  source: DscSource | undefined,
): { traceId: string; spanId: string; sampled: boolean | undefined } {
  const state = readTraceState(spanContext);
  const own = source?.readSpanId?.(spanContext) ?? spanContext.spanId;
  // A context that is only passed through keeps the parent that its Sentry header named.
  const spanId = (state && !state.segment && state.info.sentryParentSpanId) || own;
  return { traceId: spanContext.traceId, spanId, sampled: state?.info.sampled };
}
