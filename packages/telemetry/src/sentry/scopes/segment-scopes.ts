import { SpanKind, context as contextApi, createContextKey, trace } from "@opentelemetry/api";
import type { Context } from "@opentelemetry/api";
import { getDefaultCurrentScope, getDefaultIsolationScope } from "@sentry/core";
import type { Scope } from "@sentry/core";
import { readSegment } from "../../trace-state/index.ts";
import type { Segment } from "../../trace-state/index.ts";
import { ForkedScope } from "./forked-scope.ts";
import type { SpanScopeData, SpanScopes } from "./span-scopes.ts";

/** Sentry's two scopes of one place in the program, and the segment they were made for. */
export class ContextScopes implements SpanScopes {
  readonly current: ForkedScope;
  readonly isolation: ForkedScope;
  readonly segment: Segment | undefined;

  constructor(current: ForkedScope, isolation: ForkedScope, segment?: Segment) {
    this.current = current;
    this.isolation = isolation;
    this.segment = segment;
  }

  /** For Sentry's code and the application's: both are made when they are asked for. */
  get scope(): Scope {
    return this.current.scope;
  }

  get isolationScope(): Scope {
    return this.isolation.scope;
  }

  readData(): { readonly current: SpanScopeData; readonly isolation: SpanScopeData } {
    return { current: this.current.readData(), isolation: this.isolation.readData() };
  }
}

interface PlainScopes {
  readonly scope: Scope;
  readonly isolationScope: Scope;
}

/**
 * The key `@sentry/opentelemetry` uses too, so that its `getScopesFromContext()` finds ours. It has no function that
 * writes them, so both are done here, by one key: docs/adr/0009-what-of-sentry-opentelemetry-is-used.md
 */
const SCOPES = createContextKey("sentry_scopes");

/**
 * A context and the scopes that belong to it, without the copy of all values that `setValue` would make. It is what the
 * context manager stores, too: Sentry's own strategy stores two scopes under these names, and should a second
 * `Sentry.init` put it in our place, it finds what it looks for, where it would otherwise throw into the application.
 */
export class ScopedContext implements Context {
  readonly scopes: ContextScopes;
  /** Whether the scopes are known to be those of the context's segment. */
  isSettled = false;
  #base: Context | (() => Context);

  /** A `base` that is a function is asked for the context when somebody wants one of its values. */
  constructor(base: Context | (() => Context), scopes: ContextScopes) {
    this.#base = base;
    this.scopes = scopes;
  }

  get scope(): Scope {
    return this.scopes.scope;
  }

  get isolationScope(): Scope {
    return this.scopes.isolationScope;
  }

  getValue(key: symbol): unknown {
    return key === SCOPES ? this.scopes : this.#readBase().getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    if (key === SCOPES) return this.withScopes(adoptScopes(value as ContextScopes | PlainScopes));
    return new ScopedContext(this.#readBase().setValue(key, value), this.scopes);
  }

  deleteValue(key: symbol): Context {
    const base = this.#readBase();
    return key === SCOPES ? base : new ScopedContext(base.deleteValue(key), this.scopes);
  }

  withScopes(scopes: ContextScopes): ScopedContext {
    return new ScopedContext(this.#readBase(), scopes);
  }

  #readBase(): Context {
    if (typeof this.#base === "function") this.#base = this.#base();
    return this.#base;
  }
}

export function readScopes(context: Context): ContextScopes | undefined {
  const scopes = context.getValue(SCOPES) as ContextScopes | PlainScopes | undefined;
  return scopes && adoptScopes(scopes);
}

/** `@sentry/opentelemetry` writes a pair of scopes. */
export function adoptScopes(scopes: ContextScopes | PlainScopes): ContextScopes {
  if (scopes instanceof ContextScopes) return scopes;
  return new ContextScopes(ForkedScope.of(scopes.scope), ForkedScope.of(scopes.isolationScope));
}

export function withScopes(context: Context, scopes: ContextScopes): ScopedContext {
  return context instanceof ScopedContext ? context.withScopes(scopes) : new ScopedContext(context, scopes);
}

/** A context outside of all segments whose values are computed when somebody asks for them. */
export function createDeferredContext(compute: () => Context, scopes: ContextScopes): Context {
  const deferred = new ScopedContext(compute, scopes);
  deferred.isSettled = true;
  return deferred;
}

/** Kept by the segment itself: a map of all of them would cost the garbage collector more than making the scopes. */
const SEGMENT_SCOPES = Symbol("tracebridge.scopes");

interface ScopedSegment extends Segment {
  [SEGMENT_SCOPES]?: ContextScopes;
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
  return segment?.[SEGMENT_SCOPES] ?? createDefaultScopes();
}

/**
 * The scopes of a segment, made once: whichever comes first, its first span or its first activation. A SERVER or
 * CONSUMER segment gets an isolation scope of its own, so does whatever begins outside all of them. A CONSUMER forks
 * from the default scopes and never from the active ones: a connection that was opened inside a request would lend
 * that request's user to every later message.
 */
export function createSegmentScopes(segment: ScopedSegment, inherited: ContextScopes): ContextScopes {
  const existing = segment[SEGMENT_SCOPES];
  if (existing) return existing;
  const from = segment.kind === SpanKind.CONSUMER ? createDefaultScopes() : inherited;
  const isolation = needsFork(segment, from) ? from.isolation.fork() : from.isolation;
  const scopes = new ContextScopes(from.current.fork(), isolation, segment);
  // A probe says nothing about the health that users see.
  if (segment.ignored) scopes.isolationScope.setSDKProcessingMetadata({ requestSession: undefined });
  segment[SEGMENT_SCOPES] = scopes;
  return scopes;
}

/** The scopes a span was started in, unless those belong to another segment; the default ones where its start was not seen. */
export function chooseScopes(segment: Segment, parentContext?: Context): ContextScopes {
  if (!parentContext) return createSegmentScopes(segment, createDefaultScopes());
  const active = contextApi.active();
  const near = readScopes(parentContext) ?? readScopes(active);
  if (near?.segment === segment) return near;
  return createSegmentScopes(segment, near ?? resolveScopes(active));
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
