import { ROOT_CONTEXT } from "@opentelemetry/api";
import type { Context, ContextManager } from "@opentelemetry/api";

/**
 * A synchronous stack. Under it lies the context of the event that is being handled, and under that the one of the page
 * view: code that nobody has given a context, such as what follows an `await`, is still in the trace of the page.
 */
export class PageContextManager implements ContextManager {
  #page: Context = ROOT_CONTEXT;
  #event: Context | undefined;
  #current: Context | undefined;

  get pageContext(): Context {
    return this.#page;
  }

  set pageContext(context: Context) {
    this.#page = context;
  }

  /** Of the event whose listeners run now. */
  set eventContext(context: Context | undefined) {
    this.#event = context;
  }

  active(): Context {
    return this.#current ?? this.#event ?? this.#page;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    const before = this.#current;
    this.#current = context;
    try {
      return fn.call(thisArg as ThisParameterType<F>, ...args);
    } finally {
      this.#current = before;
    }
  }

  bind<T>(context: Context, target: T): T {
    if (typeof target !== "function") return target;
    const run = (thisArg: unknown, args: unknown[]): unknown =>
      this.with(context, () => Reflect.apply(target, thisArg, args) as unknown);
    return function bound(this: unknown, ...args: unknown[]): unknown {
      return run(this, args);
    } as T;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    this.#page = ROOT_CONTEXT;
    this.#event = undefined;
    return this;
  }
}
