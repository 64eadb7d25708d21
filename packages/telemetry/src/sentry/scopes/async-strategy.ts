import { context, isSpanContextValid, trace } from "@opentelemetry/api";
import type { Context, Span } from "@opentelemetry/api";
import { isTracingSuppressed, suppressTracing } from "@opentelemetry/core";
import {
  generateTraceId,
  getAsyncContextStrategy,
  getMainCarrier,
  setAsyncContextStrategy,
} from "@sentry/core";
import type { AsyncContextStrategy, Scope, Span as SentrySpan } from "@sentry/core";
import { readSegment } from "../../trace-state/index.ts";
import type { TracePropagator } from "../../propagation/index.ts";
import { linkRoot } from "../span-functions/root-span.ts";
import type { ReadRoot } from "../span-functions/root-span.ts";
import { readSpanBehind } from "../span-functions/span-face.ts";
import type { ScopedContextManager } from "./context-manager.ts";
import { ForkedScope } from "./forked-scope.ts";
import { ContextScopes, resolveScopes, withScopes } from "./segment-scopes.ts";
import { readTraceData } from "./trace-data.ts";

/** Which span was active when a scope was forked; asked for by those who hold on to a scope. */
const scopeSpans = new WeakMap<Scope, Span>();

/**
 * Makes Sentry's functions work on OpenTelemetry's context: `withScope`, `getActiveSpan`, `continueTrace` and the rest
 * see and change the same thing that instrumentations do. Returns a test for whether it is still in force: a second
 * `Sentry.init` replaces it without a word.
 */
export function installAsyncStrategy(
  manager: ScopedContextManager,
  propagator: TracePropagator,
  readRoot: ReadRoot,
): () => boolean {
  const strategy = createStrategy(manager, propagator, readRoot);
  setAsyncContextStrategy(strategy);
  return () => getAsyncContextStrategy(getMainCarrier()) === strategy;
}

function createStrategy(
  manager: ScopedContextManager,
  propagator: TracePropagator,
  readRoot: ReadRoot,
): AsyncContextStrategy {
  const readScopes = (): ContextScopes => resolveScopes(context.active());
  return {
    getCurrentScope: () => readScopes().scope,
    getIsolationScope: () => readScopes().isolationScope,
    withScope: (callback) => {
      const scopes = readScopes();
      const scope = rememberSpan(scopes.scope.clone());
      return runWith(scope, scopes.isolation, () => callback(scope));
    },
    withSetScope: (scope, callback) => runWith(scope, readScopes().isolation, () => callback(scope)),
    withIsolationScope: (callback) => {
      const isolationScope = readScopes().isolationScope.clone();
      return runIsolated(isolationScope, () => callback(isolationScope));
    },
    withSetIsolationScope: (isolationScope, callback) =>
      runIsolated(isolationScope, () => callback(isolationScope)),
    getActiveSpan: (scope) => {
      const remembered = scope && scope !== readScopes().scope ? scopeSpans.get(scope) : undefined;
      const span = toSentrySpan(remembered ?? trace.getActiveSpan());
      if (span?.isRecording()) linkRoot(span, span, readRoot);
      return span;
    },
    withActiveSpan: (span, callback) =>
      context.with(withSpan(context.active(), span), () => callback(readScopes().scope)),
    suppressTracing: (callback) => context.with(suppressTracing(context.active()), callback),
    isTracingSuppressed: () => isTracingSuppressed(context.active()),
    continueTrace: ({ sentryTrace, baggage }, callback) => {
      const carrier = { "sentry-trace": sentryTrace, baggage };
      const getter = { get: readField, keys: Object.keys };
      return context.with(propagator.extract(trace.deleteSpan(context.active()), carrier, getter), callback);
    },
    startNewTrace: (callback) => {
      const scopes = readScopes();
      const scope = scopes.scope.clone();
      scope.setPropagationContext({ traceId: generateTraceId(), sampleRand: Math.random() });
      return context.with(trace.deleteSpan(context.active()), () =>
        runWith(scope, scopes.isolation, callback),
      );
    },
    getTraceData: (options) => readTraceData(propagator, options),
    getTracingChannelBinding: () => ({ asyncLocalStorage: manager.storage }),
  };
}

function runWith<T>(scope: Scope, isolation: ForkedScope, callback: () => T): T {
  const active = context.active();
  const segment = readSegment(trace.getSpanContext(active));
  const scopes = new ContextScopes(ForkedScope.of(scope), isolation, segment);
  return context.with(withScopes(active, scopes), callback);
}

function runIsolated<T>(isolationScope: Scope, callback: () => T): T {
  const scope = resolveScopes(context.active()).scope.clone();
  return runWith(scope, ForkedScope.of(isolationScope), callback);
}

function rememberSpan(scope: Scope): Scope {
  const span = trace.getActiveSpan();
  if (span) scopeSpans.set(scope, span);
  return scope;
}

/** A placeholder of Sentry's, for a span it was told not to make, must never become a parent. */
function withSpan(active: Context, span: SentrySpan | null): Context {
  if (span === null) return trace.deleteSpan(active);
  const own = toOtelSpan(span);
  return own ? trace.setSpan(active, own) : active;
}

function toOtelSpan(span: SentrySpan): Span | undefined {
  const behind = readSpanBehind(span);
  if (behind) return behind;
  const isPlaceholder = Symbol.for("sentry.nonRecordingSpan") in span;
  return !isPlaceholder && isSpanContextValid(span.spanContext()) ? span : undefined;
}

function toSentrySpan(span: Span | undefined): SentrySpan | undefined {
  return span && isSpanContextValid(span.spanContext()) ? span : undefined;
}

function readField(carrier: unknown, key: string): string | undefined {
  const value = (carrier as Record<string, unknown>)[key];
  return typeof value === "string" ? value : undefined;
}
