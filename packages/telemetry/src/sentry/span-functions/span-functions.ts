import { context, trace } from "@opentelemetry/api";
import type { Context, Link, Span, SpanOptions } from "@opentelemetry/api";
import {
  SentrySpan as CoreSpan,
  getCapturedScopesOnSpan,
  getRootSpan,
  spanToJSON,
  timestampInSeconds,
} from "@sentry/core";
import type { Scope, Span as SentrySpan } from "@sentry/core";
import type { DscSource } from "../../propagation/index.ts";
import { BridgeTraceState, readTraceState } from "../../trace-state/index.ts";
import type { BridgeClient } from "../client/bridge-client.ts";
import type { SentryProblem } from "../types.ts";
import { linkRoot } from "./root-span.ts";
import type { ReadRoot } from "./root-span.ts";
import { putFaceOn, readSpanBehind, readTime } from "./span-face.ts";

export interface SpanFunctionParts {
  readonly client: BridgeClient;
  readonly dscSource: DscSource;
  readonly readRoot: ReadRoot;
  readonly onProblem: (problem: SentryProblem) => void;
}

/** The name under which OpenTelemetry knows who made the span. */
const TRACER_NAME = "@sentry/core";

/** A span that began this long ago began now. */
const NOW_SECONDS = 0.001;

/**
 * Makes `Sentry.startSpan`, `startSpanManual` and `startInactiveSpan` start OpenTelemetry spans, which reach every back
 * end. Sentry has no place for another tracer; but it tells which parent it has found and which span it has made, before
 * the application gets it.
 */
export function provideSpanFunctions({ client, dscSource, readRoot, onProblem }: SpanFunctionParts): void {
  const parents = new WeakMap<Scope, SentrySpan>();
  client.on("prepareSpanScope", (prepared) => {
    const { scope, parentSpan } = prepared;
    parents.delete(scope);
    if (!parentSpan) return;
    parents.set(scope, parentSpan);
    prepared.parentSpan = createStandIn(parentSpan, readRoot);
  });
  client.on("spanStart", (made) => {
    const { scope } = getCapturedScopesOnSpan(made);
    const parent = scope && parents.get(scope);
    // Sentry makes a root of it, although it has a parent, when it was told `forceTransaction`.
    const isForced = parent !== undefined && getRootSpan(made) === made;
    const from = withParent(context.active(), parent);
    try {
      const span = startSpan(made, isForced ? asNewSegment(from, dscSource) : from);
      if (span.isRecording()) linkRoot(span, span, readRoot);
      putFaceOn(span, made);
    } catch (error) {
      const message = `A span of Sentry.startSpan goes to Sentry alone: ${String(error)}`;
      onProblem({ code: "sentry-span-function", message });
    }
  });
}

/**
 * What Sentry is shown as the parent: it makes nothing below one that is not sampled, and by OpenTelemetry's flag a
 * parent may not be although Sentry is to have it. Who is sampled is decided by our sampler.
 */
function createStandIn(parent: SentrySpan, readRoot: ReadRoot): SentrySpan {
  const { traceId, spanId } = parent.spanContext();
  const standIn = new CoreSpan({ traceId, spanId, sampled: true });
  linkRoot(standIn, parent, readRoot);
  return standIn;
}

function withParent(active: Context, parent: SentrySpan | undefined): Context {
  return parent ? trace.setSpan(active, readSpanBehind(parent) ?? parent) : active;
}

function startSpan(made: SentrySpan, from: Context): Span {
  const { name, attributes, links, start_timestamp: start } = spanToJSON(made);
  const isNow = Math.abs(timestampInSeconds() - start) < NOW_SECONDS;
  const options: SpanOptions = {
    attributes: readAttributes(attributes),
    links: (links ?? []).map((link): Link => ({
      context: { traceId: link.trace_id, spanId: link.span_id, traceFlags: link.sampled ? 1 : 0 },
      ...(link.attributes && { attributes: readAttributes(link.attributes) }),
    })),
    // Otherwise OpenTelemetry measures the duration by a clock that does not jump.
    ...(!isNow && { startTime: readTime(start) }),
  };
  return trace.getTracer(TRACER_NAME).startSpan(name, options, from);
}

/** Without what Sentry adds by itself, which the bridge says of every span. */
function readAttributes(
  attributes: Readonly<Record<string, unknown>>,
): NonNullable<SpanOptions["attributes"]> {
  const {
    "sentry.origin": origin,
    "sentry.segment.name.source": source,
    "sentry.sample_rate": _sampleRate,
    ...own
  } = attributes;
  return {
    ...(own as SpanOptions["attributes"]),
    ...(typeof origin === "string" && origin !== "manual" && { "sentry.origin": origin }),
    ...(typeof source === "string" && source !== "custom" && { "sentry.segment.name.source": source }),
  };
}

/** The parent as if it were in another process: what is below it is a segment of its own, with the trace's decision. */
function asNewSegment(from: Context, dscSource: DscSource): Context {
  const parent = trace.getSpanContext(from);
  const state = readTraceState(parent);
  if (!parent || !state) return from;
  const { sentryParentSpanId: _sentryParent, otherParent: _other, ...info } = state.info;
  const frozenDsc = info.frozenDsc ?? dscSource.readDsc(parent);
  const traceState = new BridgeTraceState({ ...info, ...(frozenDsc && { frozenDsc }) }, state.entries);
  return trace.setSpanContext(from, { ...parent, isRemote: true, traceState });
}
