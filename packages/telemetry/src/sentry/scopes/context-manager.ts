import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import type { Context, ContextManager } from "@opentelemetry/api";
import { readSegment } from "../../trace-state/index.ts";
import { bindEmitter } from "./bind-emitter.ts";
import {
  ScopedContext,
  createDefaultScopes,
  createSegmentScopes,
  readScopes,
  withScopes,
} from "./segment-scopes.ts";

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
    return store instanceof ScopedContext ? store : ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    // Node calls `fn` at once where this very context is active already.
    const settled = this.#settle(context);
    // It would call `fn` itself with null for `this`.
    return this.storage.run(settled, Reflect.apply<unknown, A, ReturnType<F>>, fn, thisArg, args);
  }

  bind<T>(context: Context, target: T): T {
    if (target instanceof EventEmitter) {
      bindEmitter(target, this, context);
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
  #settle(context: Context): ScopedContext {
    if (context instanceof ScopedContext && context.isSettled) return context;
    const own = readScopes(context);
    const segment = readSegment(trace.getSpanContext(context));
    const isOwn = own !== undefined && (!segment || own.segment === segment);
    const inherited = own ?? readScopes(this.active()) ?? createDefaultScopes();
    const scopes = segment && !isOwn ? createSegmentScopes(segment, inherited) : inherited;
    const settled = isOwn && context instanceof ScopedContext ? context : withScopes(context, scopes);
    settled.isSettled = true;
    return settled;
  }

  #bindFunction(context: Context, target: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
    const run = (self: unknown, args: unknown[]): unknown => this.with(context, target, self, ...args);
    const bound = function (this: unknown, ...args: unknown[]): unknown {
      return run(this, args);
    };
    // Express and others tell handlers apart by how many arguments they take.
    Object.defineProperty(bound, "length", { value: target.length, configurable: true });
    return bound;
  }
}
