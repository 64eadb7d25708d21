import { context, isSpanContextValid, trace } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/api";
import { isTracingSuppressed, suppressTracing } from "@opentelemetry/core";
import {
  getAsyncContextStrategy,
  getCurrentScope,
  getDefaultCurrentScope,
  getDefaultIsolationScope,
  getMainCarrier,
  setAsyncContextStrategy,
} from "@sentry/core";
import type { SpanScopes } from "../../sentry/scopes/span-scopes.ts";

/**
 * Lets Sentry's functions see OpenTelemetry's spans. Its scopes stay what they are in a page: one user, one place at a
 * time, and nothing that follows an `await`.
 */
export function installPageScopes(): void {
  const scopes = getAsyncContextStrategy(getMainCarrier());
  setAsyncContextStrategy({
    ...scopes,
    getActiveSpan: () => readActiveSpan(),
    withActiveSpan: (span, callback) => {
      const active = context.active();
      const within = span ? trace.setSpan(active, span) : trace.deleteSpan(active);
      return context.with(within, () => callback(getCurrentScope()));
    },
    suppressTracing: (callback) => context.with(suppressTracing(context.active()), callback),
    isTracingSuppressed: () => isTracingSuppressed(context.active()),
  });
}

/** The scopes of every span of the page. */
export function readPageScopes(): SpanScopes {
  const scope = getDefaultCurrentScope();
  const isolationScope = getDefaultIsolationScope();
  const readData = () => ({ current: scope.getScopeData(), isolation: isolationScope.getScopeData() });
  return { scope, isolationScope, readData };
}

/** Where nothing else is active this is the page view. */
function readActiveSpan(): Span | undefined {
  const span = trace.getActiveSpan();
  return span && isSpanContextValid(span.spanContext()) ? span : undefined;
}
