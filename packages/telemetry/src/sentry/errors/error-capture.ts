import { ROOT_CONTEXT, context, trace } from "@opentelemetry/api";
import type { Attributes } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { getCurrentScope } from "@sentry/core";
import { readSegment } from "../../trace-state/index.ts";
import { afterThisTurn, inBackground } from "../background.ts";
import type { Timer } from "../background.ts";
import type { BridgeClient } from "../client/bridge-client.ts";
import type { OpenSpan, SegmentState, SegmentStates } from "../spans/segment-state.ts";
import type { Surroundings } from "../spans/surroundings.ts";
import type { CapturedErrorOptions, SentryOptions } from "../types.ts";
import { createErrorKey, readErrorKey } from "./error-key.ts";
import { isFailure } from "./failure.ts";
import type { RecordedError } from "./recorded-errors.ts";

/** An exception on a span, and the segment of that span. */
export interface RecordedIn {
  readonly recorded: RecordedError;
  readonly state: SegmentState;
}

export interface ErrorCaptureParts {
  readonly client: BridgeClient;
  readonly states: SegmentStates;
  readonly options: SentryOptions;
  readonly surroundings: Surroundings;
}

const EXCEPTION_EVENT = "exception";
/** Segments that never end must not pile up, and their errors not wait until then. */
const MAX_WAITING = 1_000;
const MAX_WAIT_MILLIS = 60_000;
const TICK_MILLIS = 5_000;

/** Makes issues of errors, each once: those the application captures and those that spans record. */
export class ErrorCapture {
  readonly #client: BridgeClient;
  readonly #states: SegmentStates;
  readonly #options: SentryOptions;
  readonly #surroundings: Surroundings;
  readonly #businessKeys: readonly string[];
  /** Segments whose recorded errors wait for their end, the oldest first, and until when; a flush does not wait. */
  readonly #waiting = new Map<SegmentState, number>();
  #timer: Timer | undefined;

  constructor({ client, states, options, surroundings }: ErrorCaptureParts) {
    this.#client = client;
    this.#states = states;
    this.#options = options;
    this.#surroundings = surroundings;
    this.#businessKeys = [...(options.businessKeys ?? [])];
  }

  capture(error: unknown, options: CapturedErrorOptions): string | undefined {
    const key = readErrorKey(error);
    const segment = readSegment(trace.getSpanContext(context.active()));
    const isKnown = key !== undefined && segment && this.#states.get(segment).errors.isCaptured(key);
    if (isKnown || isMarkedCaptured(error)) return undefined;
    const mechanism = { type: "generic", handled: options.handled ?? true };
    const hint = { originalException: error, captureContext: createCaptureContext(options), mechanism };
    return this.#client.captureException(error, hint, getCurrentScope());
  }

  captureMessage(message: string, options: CapturedErrorOptions): void {
    const hint = { captureContext: createCaptureContext(options) };
    this.#client.captureMessage(message, options.level ?? "info", hint, getCurrentScope());
  }

  /**
   * The recorded form of an error that is being captured elsewhere, outside of its segment: it left the segment and was
   * caught above it, or by nobody. It will not be sent by itself any more.
   */
  takeRecorded(key: string): RecordedIn | undefined {
    for (const state of this.#waiting.keys()) {
      const recorded = state.errors.takeOne(key);
      if (recorded) return { recorded, state };
    }
    return undefined;
  }

  /** Keeps the exceptions of an ended span. `span` is the scrubbed copy that is sent, `open.live` what was recorded. */
  collect(span: ReadableSpan, open: OpenSpan, state: SegmentState): void {
    if (this.#options.recordedExceptions === false) return;
    if (span.events.length > 0) this.#readRecorded(span, open, state);
    if (!state.errors.hasWaiting) return;
    if (!this.#waiting.has(state)) this.#waiting.set(state, performance.now() + MAX_WAIT_MILLIS);
    // Does not keep the process alive: the exit flushes.
    this.#timer ??= inBackground(setInterval(() => this.#sendDue(), TICK_MILLIS));
    // An error on its way out of the segment is captured above it, or ends the process, before the next turn.
    if (state.hasEnded) afterThisTurn(() => this.send(state));
    else if (this.#waiting.size > MAX_WAITING) this.sendAll();
  }

  #readRecorded(span: ReadableSpan, open: OpenSpan, state: SegmentState): void {
    const recorded = open.live.events.filter(({ name }) => name === EXCEPTION_EVENT);
    const scrubbed = span.events.filter(({ name }) => name === EXCEPTION_EVENT);
    for (const [index, { attributes: original = {} }] of recorded.entries()) {
      const attributes = scrubbed[index]?.attributes;
      const key = createErrorKey(original["exception.stacktrace"], original["exception.message"]);
      if (!attributes || key === undefined) continue;
      const businessIds = this.#readBusinessIds(span, open);
      state.errors.add(key, { attributes, span, scopes: open.scopes, businessIds });
    }
  }

  send(state: SegmentState): void {
    this.#waiting.delete(state);
    if (this.#waiting.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    for (const error of state.errors.take()) {
      if (isFailure(error.span, state.root, this.#surroundings)) this.#captureRecorded(error);
    }
  }

  #sendDue(): void {
    const now = performance.now();
    for (const [state, dueAt] of this.#waiting) {
      if (dueAt > now) return;
      this.send(state);
    }
  }

  /** For a flush: what waits for the end of its segment is sent now. */
  sendAll(): void {
    for (const state of this.#waiting.keys()) this.send(state);
  }

  #captureRecorded({ attributes, span, scopes, businessIds }: RecordedError): void {
    const contexts = { trace: createTraceContext(span), ...createBusinessContexts(businessIds) };
    const error = createError(attributes);
    const hint = {
      originalException: error,
      captureContext: { contexts, tags: { ...businessIds } },
      mechanism: { type: "auto.otel.record_exception", handled: true },
    };
    const active = trace.setSpanContext(
      this.#surroundings.withScopes(ROOT_CONTEXT, scopes),
      span.spanContext(),
    );
    context.with(active, () => this.#client.captureException(error, hint, getCurrentScope()));
  }

  #readBusinessIds(span: ReadableSpan, open: OpenSpan): Record<string, string> {
    const ids = { ...this.#options.readBusinessContext(open.parentContext) };
    for (const key of this.#businessKeys) {
      const value = span.attributes[key];
      if (typeof value === "string") ids[key] = value;
    }
    return ids;
  }
}

/** Where in its trace a span stands, as Sentry's events say it. */
export function createTraceContext(span: ReadableSpan): Record<string, string> & TraceIds {
  const { traceId, spanId } = span.spanContext();
  const { parentSpanContext: parent } = span;
  return { trace_id: traceId, span_id: spanId, ...(parent && { parent_span_id: parent.spanId }) };
}

interface TraceIds {
  trace_id: string;
  span_id: string;
}

function createCaptureContext({ tags, extra, contexts, level, fingerprint }: CapturedErrorOptions) {
  return {
    ...(tags && { tags: { ...tags } }),
    ...(extra && { extra: { ...extra } }),
    ...(contexts && { contexts: { ...contexts } }),
    ...(level && { level }),
    ...(fingerprint && { fingerprint: [...fingerprint] }),
  };
}

export function createBusinessContexts(
  ids: Readonly<Record<string, string>>,
): Record<string, Record<string, string>> {
  return Object.keys(ids).length > 0 ? { business: { ...ids } } : {};
}

/** The span event holds texts; Sentry reads type, message and frames from them as it would from the error. */
function createError(attributes: Attributes): Error {
  const { "exception.message": message, "exception.type": type, "exception.stacktrace": stack } = attributes;
  const error = new Error(typeof message === "string" ? message : "");
  const name = readClass(stack) ?? type;
  if (typeof name === "string" && name !== "") error.name = name;
  error.stack = typeof stack === "string" ? stack : `${error.name}: ${error.message}`;
  return error;
}

/** OpenTelemetry's SDK takes the code of an error for its type; its stack begins with its class, as `captureError` sends it. */
function readClass(stack: unknown): string | undefined {
  return typeof stack === "string" ? /^([\w$.]+)(?: \[\w+\])?(?:: |\n)/.exec(stack)?.[1] : undefined;
}

function isMarkedCaptured(error: unknown): boolean {
  return typeof error === "object" && error !== null && "__sentry_captured__" in error;
}
