import { SpanKind, createContextKey, trace } from "@opentelemetry/api";
import type { Context } from "@opentelemetry/api";
import { getDefaultCurrentScope, getDefaultIsolationScope } from "@sentry/core";
import type { Scope } from "@sentry/core";
import { readSegment } from "../../trace-state/index.ts";
import type { Segment } from "../../trace-state/index.ts";

/** Sentry's two scopes of one place in the program, and the segment they were made for. */
export interface ContextScopes {
  readonly scope: Scope;
  readonly isolationScope: Scope;
  readonly segment: Segment | undefined;
}

/**
 * The key `@sentry/opentelemetry` uses too, so that its `getScopesFromContext()` finds ours. It has no function that
 * writes them, so both are done here, by one key: docs/adr/0009-what-of-sentry-opentelemetry-is-used.md
 */
const SCOPES = createContextKey("sentry_scopes");

const segmentScopes = new WeakMap<Segment, ContextScopes>();

export function readScopes(context: Context): ContextScopes | undefined {
  return context.getValue(SCOPES) as ContextScopes | undefined;
}

export function withScopes(context: Context, scopes: ContextScopes): Context {
  return context.setValue(SCOPES, scopes);
}

export function createDefaultScopes(): ContextScopes {
  return {
    scope: getDefaultCurrentScope(),
    isolationScope: getDefaultIsolationScope(),
    segment: undefined,
  };
}

/** The scopes code in `context` works with. */
export function resolveScopes(context: Context): ContextScopes {
  const segment = readSegment(trace.getSpanContext(context));
  return readScopes(context) ?? (segment && segmentScopes.get(segment)) ?? createDefaultScopes();
}

/**
 * The scopes of a segment, made once: whichever comes first, its first span or its first activation. A SERVER or
 * CONSUMER segment gets an isolation scope of its own, so does whatever begins outside all of them. A CONSUMER forks
 * from the default scopes and never from the active ones: a connection that was opened inside a request would lend
 * that request's user to every later message.
 */
export function createSegmentScopes(segment: Segment, inherited: ContextScopes): ContextScopes {
  const existing = segmentScopes.get(segment);
  if (existing) return existing;
  const from = segment.kind === SpanKind.CONSUMER ? createDefaultScopes() : inherited;
  const scopes = {
    scope: from.scope.clone(),
    isolationScope: needsFork(segment, from) ? from.isolationScope.clone() : from.isolationScope,
    segment,
  };
  // A probe says nothing about the health that users see.
  if (segment.ignored) scopes.isolationScope.setSDKProcessingMetadata({ requestSession: undefined });
  segmentScopes.set(segment, scopes);
  return scopes;
}

function needsFork(segment: Segment, from: ContextScopes): boolean {
  if (from.isolationScope === getDefaultIsolationScope() || segment.kind === SpanKind.CONSUMER) return true;
  return segment.kind === SpanKind.SERVER && !isForkedForRequest(from);
}

/** Sentry's http integration forks for a request before OpenTelemetry's span starts; that fork is this segment's. */
function isForkedForRequest(scopes: ContextScopes): boolean {
  if (scopes.segment) return false;
  return scopes.isolationScope.getScopeData().sdkProcessingMetadata.normalizedRequest !== undefined;
}
