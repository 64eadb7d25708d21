import type { SpanContext, TraceState } from "@opentelemetry/api";
import type { Reach } from "./reach.ts";
import type { Segment, TraceInfo } from "./trace-info.ts";
import { isTraceStateMember, withTraceStateMember, writeTraceStateHeader } from "./w3c-trace-state.ts";
import type { TraceStateEntries } from "./w3c-trace-state.ts";

/**
 * The trace state of every span of ours: other vendors' `tracestate` members, and beside them our own knowledge of
 * the trace. Only the members are ever serialised; the private fields keep the rest out of `JSON.stringify` and of
 * loggers, so nothing of ours leaks into headers or exports. Immutable, as the specification asks.
 */
export class BridgeTraceState implements TraceState {
  readonly #entries: TraceStateEntries | undefined;
  readonly #info: TraceInfo;
  readonly #segment: Segment | undefined;
  readonly #reach: Reach | undefined;

  constructor(info: TraceInfo, entries?: TraceStateEntries, segment?: Segment, reach?: Reach) {
    this.#entries = entries;
    this.#info = info;
    this.#segment = segment;
    this.#reach = reach;
  }

  get info(): TraceInfo {
    return this.#info;
  }

  /** Absent on a remote parent: the segment starts with the first local span. */
  get segment(): Segment | undefined {
    return this.#segment;
  }

  get entries(): TraceStateEntries | undefined {
    return this.#entries;
  }

  /** What may be sent with the call that the span makes; `undefined` where nobody knows whom it calls. */
  get reach(): Reach | undefined {
    return this.#reach;
  }

  withReach(reach: Reach): BridgeTraceState {
    return new BridgeTraceState(this.#info, this.#entries, this.#segment, reach);
  }

  get(key: string): string | undefined {
    return this.#entries?.get(key);
  }

  set(key: string, value: string): TraceState {
    if (!isTraceStateMember(key, value)) return this;
    return this.#withEntries(withTraceStateMember(this.#entries, key, value));
  }

  unset(key: string): TraceState {
    const entries = new Map(this.#entries);
    entries.delete(key);
    return this.#withEntries(entries);
  }

  serialize(): string {
    return writeTraceStateHeader(this.#entries);
  }

  #withEntries(entries: TraceStateEntries): BridgeTraceState {
    return new BridgeTraceState(this.#info, entries, this.#segment, this.#reach);
  }
}

/** Our trace state on `spanContext`; `undefined` where somebody else made the context. */
export function readTraceState(spanContext: SpanContext | undefined): BridgeTraceState | undefined {
  const state = spanContext?.traceState;
  return state instanceof BridgeTraceState ? state : undefined;
}

/** The segment a local span belongs to; `undefined` for a remote parent. */
export function readSegment(spanContext: SpanContext | undefined): Segment | undefined {
  return readTraceState(spanContext)?.segment;
}
