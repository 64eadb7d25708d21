import { ROOT_CONTEXT } from "@opentelemetry/api";
import type { Context } from "@opentelemetry/api";
import { getRPCMetadata } from "@opentelemetry/core";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace";
import { readSegment } from "../../trace-state/index.ts";
import type { Segment } from "../../trace-state/index.ts";
import type { BridgeClient } from "../client/bridge-client.ts";
import type { Ledger } from "../client/ledger.ts";
import { StoppableProcessor } from "../client/stoppable-processor.ts";
import type { Endings } from "../client/stoppable-processor.ts";
import type { ErrorCapture } from "../errors/error-capture.ts";
import type { SpanScopes } from "../scopes/span-scopes.ts";
import type { SentryOptions } from "../types.ts";
import type { IgnoredSpans } from "./ignored-spans.ts";
import type { OpenSpan, SegmentState, SegmentStates } from "./segment-state.ts";
import type { SpanBuffer } from "./span-buffer.ts";
import type { KeptText } from "./span-store.ts";
import type { SharedAttributes } from "./shared-attributes.ts";
import type { SpanHooks } from "./span-hooks.ts";
import { describeSpanProblem } from "./span-problem.ts";
import { writeSpan } from "./span-text.ts";
import type { SpanParts } from "./span-text.ts";

export interface SpanProcessorParts extends Endings {
  readonly client: BridgeClient;
  readonly ledger: Ledger;
  readonly states: SegmentStates;
  readonly buffer: Pick<SpanBuffer<KeptText>, "add" | "segmentEnded" | "discard">;
  readonly shared: SharedAttributes;
  readonly hooks: SpanHooks;
  readonly ignored: IgnoredSpans;
  readonly errors: ErrorCapture;
  readonly options: SentryOptions;
  /** The scopes of a span that starts in `parentContext`; nothing is known of that where the start was not seen. */
  readonly chooseScopes: (segment: Segment, parentContext?: Context) => SpanScopes;
  /** Called at the start of each segment, to notice what others have changed. */
  readonly checkSetUp: () => void;
}

/** A segment that runs for days may start spans that never end; they must not pile up. */
const MAX_OPEN_SPANS = 10_000;

/**
 * Turns ended OpenTelemetry spans into Sentry's. `onStart` sees the live span, `onEnd` a scrubbed copy of it: what
 * belongs to a span is kept by its segment and its id. Nothing here throws into the application.
 */
export class SentrySpanProcessor extends StoppableProcessor implements SpanProcessor {
  readonly #parts: SpanProcessorParts;
  /** Otherwise spans are followed for their errors only, and not counted. */
  readonly #isSent: boolean;

  constructor(parts: SpanProcessorParts) {
    super(parts);
    this.#parts = parts;
    this.#isSent = parts.options.spans !== false;
  }

  onStart(span: Span, parentContext: Context): void {
    if (this.isStopped) return;
    try {
      this.#start(span, parentContext);
    } catch (error) {
      this.#parts.options.onProblem(describeSpanProblem(error, "start"));
    }
  }

  onEnd(span: ReadableSpan): void {
    const { ledger, client } = this.#parts;
    if (this.#isSent) ledger.accept("span");
    if (this.isStopped) {
      if (this.#isSent) ledger.drop("span", "shutdown");
      return;
    }
    try {
      this.#end(span);
    } catch (error) {
      if (this.#isSent) client.countLoss("internal_sdk_error", "span");
      this.#parts.options.onProblem(describeSpanProblem(error));
    }
  }

  #start(span: Span, parentContext: Context): void {
    const spanContext = span.spanContext();
    const segment = readSegment(spanContext);
    if (!segment) return;
    const state = this.#parts.states.get(segment);
    const isRoot = state.root === undefined;
    if (isRoot) {
      state.root = span;
      this.#parts.checkSetUp();
    }
    state.rpc ??= getRPCMetadata(parentContext);
    this.#noteIgnored(span, segment, state, isRoot);
    const scopes = this.#parts.chooseScopes(segment, parentContext);
    if (state.open.size >= MAX_OPEN_SPANS) return;
    state.open.set(spanContext.spanId, { live: span, isRoot, scopes, parentContext });
  }

  #end(span: ReadableSpan): void {
    const { states, errors, client, buffer, shared, hooks } = this.#parts;
    const spanContext = span.spanContext();
    const segment = readSegment(spanContext);
    if (!segment) throw new Error("it was not started by our sampler");
    const state = states.get(segment);
    const open = state.open.get(spanContext.spanId) ?? this.#createUnseen(span, segment);
    state.open.delete(spanContext.spanId);
    if (open.isRoot) state.end(span);
    errors.collect(span, open, state);
    if (!this.#isSent) return;
    const dropReason = this.#findDropReason(span, segment, state, open.isRoot);
    if (dropReason !== undefined) {
      client.countLoss(dropReason, "span");
      return;
    }
    const parts = this.#createParts(span, open, segment, state);
    const written = writeSpan(parts, shared);
    const sent = hooks.isEmpty ? written : hooks.run(written, parts.segmentName?.name, open.scopes);
    buffer.add(sent, spanContext, state, parts.segmentName?.name);
    if (open.isRoot) buffer.segmentEnded(spanContext.traceId);
    this.#countEvents(span);
  }

  /** Stands in for what was not noted at the start. */
  #createUnseen(live: ReadableSpan, segment: Segment): OpenSpan {
    return { live, isRoot: false, scopes: this.#parts.chooseScopes(segment), parentContext: ROOT_CONTEXT };
  }

  /** Sentry's spans have no events. Exceptions become issues, and breadcrumbs are on them; others are for other back ends. */
  #countEvents({ events }: ReadableSpan): void {
    if (events.length === 0) return;
    const others = events.filter(({ name }) => name !== "exception" && name !== "breadcrumb").length;
    if (others === 0) return;
    this.#parts.ledger.accept("span_event", others);
    this.#parts.ledger.drop("span_event", "no_equivalent", others);
  }

  /** A child that Sentry is not to have; segments are left to the sampler, which tells the services further on. */
  #noteIgnored(span: Span, segment: Segment, state: SegmentState, isRoot: boolean): void {
    const parentSpanId = span.parentSpanContext?.spanId;
    if (isRoot || parentSpanId === undefined || !segment.sentry || !this.#isSent) return;
    if (!this.#parts.ignored.ignoresStarted(span, false)) return;
    state.ignoreSpan(span.spanContext().spanId, parentSpanId);
  }

  #findDropReason(
    span: ReadableSpan,
    segment: Segment,
    state: SegmentState,
    isRoot: boolean,
  ): "sample_rate" | "ignored" | undefined {
    if (segment.sentryIgnored === true || state.isIgnored) return "ignored";
    if (!segment.sentry) return "sample_rate";
    const { spanId, traceId } = span.spanContext();
    if (!isRoot) return state.isIgnoredSpan(spanId) ? "ignored" : undefined;
    const { ignored, buffer, client } = this.#parts;
    const name = state.readName();
    if (!name || !ignored.ignoresEnded(span, name)) return undefined;
    state.isIgnored = true;
    const waiting = buffer.discard(traceId, state);
    if (waiting > 0) client.countLoss("ignored", "span", waiting);
    return "ignored";
  }

  #createParts(span: ReadableSpan, open: OpenSpan, segment: Segment, state: SegmentState): SpanParts {
    const parent = span.parentSpanContext;
    return {
      span,
      parentSpanId: parent && state.findKeptSpan(parent.spanId),
      isSegment: open.isRoot,
      segment,
      segmentName: state.readName(),
      segmentSpanId: (state.root ?? span).spanContext().spanId,
      scopes: open.scopes,
    };
  }
}
