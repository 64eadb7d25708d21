import type { Context, ContextManager } from "@opentelemetry/api";

const BOUND = Symbol("tracebridge.bound");

interface Bindable {
  emit: (this: unknown, ...args: unknown[]) => boolean;
  [BOUND]?: true;
}

/**
 * Makes the listeners of `emitter` run in `context`. It keeps its first context. One method is replaced instead of the
 * seven by which listeners come and go: a request has four emitters, and all of them are bound.
 */
export function bindEmitter(emitter: Bindable, manager: ContextManager, context: Context): void {
  if (emitter[BOUND]) return;
  emitter[BOUND] = true;
  const { emit } = emitter;
  emitter.emit = function (this: unknown, ...args) {
    return manager.with(context, emit, this, ...args);
  };
}
