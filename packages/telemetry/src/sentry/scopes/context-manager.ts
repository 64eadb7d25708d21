import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import type { Context, ContextManager } from "@opentelemetry/api";
import type { Scope } from "@sentry/core";
import { readSegment } from "../../trace-state/index.ts";
import { bindEmitter } from "./bind-emitter.ts";
import { createDefaultScopes, createSegmentScopes, readScopes, withScopes } from "./segment-scopes.ts";
import type { ContextScopes } from "./segment-scopes.ts";

/**
 * OpenTelemetry's context and Sentry's scopes in one: each context that becomes active carries the scopes of its
 * segment. It works on the storage Sentry's own channel subscriptions bind to.
 */
export class ScopedContextManager implements ContextManager {
  readonly storage: AsyncLocalStorage<unknown>;

  constructor(storage: unknown) {
    this.storage = storage instanceof AsyncLocalStorage ? storage : new AsyncLocalStorage();
  }

  active(): Context {
    const store = this.storage.getStore();
    return store instanceof ScopedStore ? store.context : ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.storage.run(this.#prepare(context), () => fn.call(thisArg, ...args));
  }

  bind<T>(context: Context, target: T): T {
    if (target instanceof EventEmitter) {
      bindEmitter(target, (listener) => this.#bindFunction(context, listener));
      return target;
    }
    return typeof target === "function" ? (this.#bindFunction(context, target as never) as T) : target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    this.storage.disable();
    return this;
  }

  /** The context with the scopes of its segment, or of where we are now when it has none. */
  #prepare(context: Context): ScopedStore {
    const own = readScopes(context);
    const segment = readSegment(trace.getSpanContext(context));
    if (own && (!segment || own.segment === segment)) return new ScopedStore(context, own);
    const inherited = own ?? readScopes(this.active()) ?? createDefaultScopes();
    const scopes = segment ? createSegmentScopes(segment, inherited) : inherited;
    return new ScopedStore(withScopes(context, scopes), scopes);
  }

  #bindFunction(context: Context, target: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
    const run = (self: unknown, args: unknown[]): unknown =>
      this.with(context, () => target.apply(self, args));
    const bound = function (this: unknown, ...args: unknown[]): unknown {
      return run(this, args);
    };
    // Express and others tell handlers apart by how many arguments they take.
    Object.defineProperty(bound, "length", { value: target.length, configurable: true });
    return bound;
  }
}

/**
 * What is stored. Sentry's own strategy stores two scopes under these names: should a second `Sentry.init` put it in
 * our place, it finds what it looks for, where it would otherwise throw into the application.
 */
class ScopedStore {
  readonly context: Context;
  readonly scope: Scope;
  readonly isolationScope: Scope;

  constructor(context: Context, { scope, isolationScope }: ContextScopes) {
    this.context = context;
    this.scope = scope;
    this.isolationScope = isolationScope;
  }
}
