import type { EventEmitter } from "node:events";
import { IncomingMessage, OutgoingMessage } from "node:http";
import type { Context, ContextManager } from "@opentelemetry/api";

type Listener = (...args: unknown[]) => unknown;
type Method = (this: EventEmitter, ...args: never[]) => unknown;
type Register = (this: EventEmitter, event: string | symbol, listener: Listener) => unknown;
type Emit = (this: unknown, ...args: unknown[]) => boolean;

const BOUND = Symbol("tracebridge.bound");
const ADDING = ["addListener", "on", "once", "prependListener", "prependOnceListener"] as const;
const REMOVING = ["removeListener", "off"] as const;

/** Makes the listeners of `emitter` that are added from now on run in `context`. It keeps its first context. */
export function bindEmitter(
  emitter: EventEmitter & { [BOUND]?: true },
  manager: ContextManager,
  context: Context,
): void {
  if (emitter[BOUND]) return;
  emitter[BOUND] = true;
  if (emitter instanceof IncomingMessage || emitter instanceof OutgoingMessage)
    bindMessage(emitter, manager, context);
  else bindListeners(emitter, manager, context);
}

/**
 * A message belongs to one request, so that all its listeners may run there. One method is replaced instead of the seven by
 * which listeners come and go: a request has four messages, and all of them are bound.
 */
function bindMessage(message: EventEmitter, manager: ContextManager, context: Context): void {
  const { emit } = message as { emit: Emit };
  replace(message, "emit", function (this: unknown, ...args: unknown[]) {
    return manager.with(context, emit, this, ...args);
  });
}

/** Others may live as long as the process: who listened before works for somebody else. */
function bindListeners(emitter: EventEmitter, manager: ContextManager, context: Context): void {
  const wrappers = new WeakMap<Listener, Listener>();
  let isInside = false;
  for (const name of ADDING) {
    const original = emitter[name] as Register;
    replace(emitter, name, function (event: string | symbol, listener: Listener) {
      // `once` calls `on` underneath; only the outermost call may wrap.
      if (isInside || typeof listener !== "function") return original.call(this, event, listener);
      const wrapper = wrappers.get(listener) ?? manager.bind(context, listener);
      wrappers.set(listener, wrapper);
      isInside = true;
      try {
        return original.call(this, event, wrapper);
      } finally {
        isInside = false;
      }
    });
  }
  for (const name of REMOVING) {
    const original = emitter[name] as Register;
    replace(emitter, name, function (event: string | symbol, listener: Listener) {
      const wrapper = wrappers.get(listener);
      // The same function may have been added before, too.
      const isWrapped = wrapper !== undefined && this.listeners(event).includes(wrapper);
      return original.call(this, event, isWrapped ? wrapper : listener);
    });
  }
}

/** Not enumerable, as the method of the prototype is not. */
function replace(emitter: EventEmitter, name: string, value: Method): void {
  Object.defineProperty(emitter, name, { value, configurable: true, writable: true });
}
