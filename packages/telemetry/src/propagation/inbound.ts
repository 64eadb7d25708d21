import { TraceFlags, propagation, trace } from "@opentelemetry/api";
import type { Context, SpanContext } from "@opentelemetry/api";
import { readBusinessIds } from "../business-context/index.ts";
import {
  BridgeTraceState,
  createSampleRand,
  createStrangersParent,
  drawNumber,
  formatSampleRand,
  readTraceState,
} from "../trace-state/index.ts";

/**
 * How much of the headers of a request from outside is followed: `all`; `ids`, the trace and its parent but neither
 * the decision to sample nor anybody's data; `none`.
 */
export type InboundTrust = "all" | "ids" | "none";

/** There only when somebody asks: to mark headers costs more than to read those of most requests. */
let inboundHeaders: WeakSet<object> | undefined;

/** Remembers that `headers` came with a request to a server of this process: `InboundRule` sees them and nothing else. */
export function markInbound(headers: object): void {
  inboundHeaders?.add(headers);
}

/** What the headers of a request say. */
export interface ReceivedHeaders {
  /** The parent that they name. */
  readonly named: SpanContext | undefined;
  /** The same, unless it is another organisation's. */
  readonly parent: SpanContext | undefined;
  /** The context with all of their baggage; not needed where nothing of it is followed. */
  readonly readBaggage: () => Context;
  /** Whether no Sentry client makes a context to send on, so that services behind are told the number alone. */
  readonly sendsRandomness: boolean;
}

/** What is followed of requests from outside, where that is not all. To be made before the first request. */
export class InboundRule {
  readonly #trust: Exclude<InboundTrust, "all">;
  readonly #keys: ReadonlySet<string>;

  /** @param keys the ids in baggage that are kept with `ids` */
  constructor(trust: Exclude<InboundTrust, "all">, keys: ReadonlySet<string>) {
    this.#trust = trust;
    this.#keys = keys;
    inboundHeaders ??= new WeakSet();
  }

  /**
   * Whether a carrier holds the headers of a request from outside; all others (messages, stored contexts) are the
   * application's own. Two kinds of request pass no instrumentation and are known by what they cannot lack: those over HTTP/2,
   * whose frameworks read their headers, and upgrades, as to a WebSocket, whose headers the application reads by hand.
   * https://www.rfc-editor.org/rfc/rfc9113#section-8.3.1, https://www.rfc-editor.org/rfc/rfc9110#section-7.8
   */
  isFor(carrier: unknown): boolean {
    if (typeof carrier !== "object" || carrier === null) return false;
    try {
      const isUpgrade = "upgrade" in carrier && "connection" in carrier;
      return inboundHeaders?.has(carrier) === true || ":method" in carrier || isUpgrade;
    } catch {
      return true; // a proxy that does not let us look
    }
  }

  /** `context` with what may be followed. */
  follow(context: Context, { named, parent, readBaggage, sendsRandomness }: ReceivedHeaders): Context {
    if (this.#trust === "none")
      return named ? trace.setSpanContext(context, createStrangersParent(named)) : context;
    const withIds = this.#withBusinessIds(context, readBaggage());
    return parent ? trace.setSpanContext(withIds, createParentFromOutside(parent, sendsRandomness)) : withIds;
  }

  #withBusinessIds(context: Context, withBaggage: Context): Context {
    const ids = Object.entries(readBusinessIds(withBaggage, this.#keys));
    if (ids.length === 0) return context;
    const entries = Object.fromEntries(ids.map(([key, value]) => [key, { value }]));
    return propagation.setBaggage(context, propagation.createBaggage(entries));
  }
}

/**
 * A parent whose ids continue and nothing else. Its decision may lower sampling and never raise it, and no decision is
 * computed from what an outsider chose: a trace id that was picked for its number would always be sampled. Where no
 * Sentry client makes a context to send on (`sendsRandomness`), one of the number alone tells it to the services behind.
 */
function createParentFromOutside(parent: SpanContext, sendsRandomness: boolean): SpanContext {
  const info = readTraceState(parent)?.info;
  const sampleRand = createSampleRand();
  const isOtelDeclined = (parent.traceFlags & TraceFlags.SAMPLED) === 0 && info?.otelDeferred !== true;
  return {
    traceId: parent.traceId,
    spanId: parent.spanId,
    traceFlags: TraceFlags.NONE,
    isRemote: true,
    traceState: new BridgeTraceState({
      traceId: parent.traceId,
      sampled: info?.sampled === false ? false : undefined,
      sampleRate: undefined,
      sampleRand,
      ...(sendsRandomness && {
        frozenDsc: { trace_id: parent.traceId, sample_rand: formatSampleRand(sampleRand) },
      }),
      samplingTraceId: createTraceId(),
      ...(!isOtelDeclined && { otelDeferred: true }),
      ...(info?.sentryParentSpanId !== undefined && { sentryParentSpanId: info.sentryParentSpanId }),
      ...(info?.otherParent && { otherParent: info.otherParent }),
    }),
  };
}

/** Of numbers that nobody outside can foresee, which those of a span are not. */
function createTraceId(): string {
  return Array.from({ length: 4 }, () => drawNumber().toString(16).padStart(8, "0")).join("");
}
