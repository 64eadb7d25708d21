import { SpanKind, trace } from "@opentelemetry/api";
import type { Context } from "@opentelemetry/api";
import { getDefaultCurrentScope, getDefaultIsolationScope } from "@sentry/core";
import { readSegment } from "../../trace-state/index.ts";
import type { Segment } from "../../trace-state/index.ts";
import { ForkedScope } from "./forked-scope.ts";
import { ContextScopes, readScopes } from "./scoped-context.ts";

export { readScopes, withScopes } from "./scoped-context.ts";
export type { ContextScopes } from "./scoped-context.ts";

/** Kept by the segment itself: a map of all of them would cost the garbage collector more than making the scopes. */
const SCOPES = Symbol("tracebridge.scopes");

interface ScopedSegment extends Segment {
  [SCOPES]?: ContextScopes;
}

export function createDefaultScopes(): ContextScopes {
  return new ContextScopes(
    ForkedScope.of(getDefaultCurrentScope()),
    ForkedScope.of(getDefaultIsolationScope()),
  );
}

/** The scopes code in `context` works with. */
export function resolveScopes(context: Context): ContextScopes {
  const own = readScopes(context);
  if (own) return own;
  const segment: ScopedSegment | undefined = readSegment(trace.getSpanContext(context));
  return segment?.[SCOPES] ?? createDefaultScopes();
}

/**
 * The scopes of a segment, made once: whichever comes first, its first span or its first activation. A SERVER or
 * CONSUMER segment gets an isolation scope of its own, so does whatever begins outside all of them. A CONSUMER forks
 * from the default scopes and never from the active ones: a connection that was opened inside a request would lend
 * that request's user to every later message.
 */
export function createSegmentScopes(segment: ScopedSegment, inherited: ContextScopes): ContextScopes {
  const existing = segment[SCOPES];
  if (existing) return existing;
  const from = segment.kind === SpanKind.CONSUMER ? createDefaultScopes() : inherited;
  const isolation = needsFork(segment, from) ? from.isolation.fork() : from.isolation;
  const scopes = new ContextScopes(from.current.fork(), isolation, segment);
  // A probe says nothing about the health that users see.
  if (segment.ignored) scopes.isolationScope.setSDKProcessingMetadata({ requestSession: undefined });
  segment[SCOPES] = scopes;
  return scopes;
}

function needsFork(segment: Segment, from: ContextScopes): boolean {
  if (from.isolation.isScope(getDefaultIsolationScope()) || segment.kind === SpanKind.CONSUMER) return true;
  return segment.kind === SpanKind.SERVER && !isForkedForRequest(from);
}

/** A request to a server is isolated before OpenTelemetry's span for it starts; that fork is this segment's. */
function isForkedForRequest(scopes: ContextScopes): boolean {
  if (scopes.segment) return false;
  return scopes.isolation.readData().sdkProcessingMetadata.normalizedRequest !== undefined;
}
