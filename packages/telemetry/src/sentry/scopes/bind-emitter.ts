import type { EventEmitter } from "node:events";

type Listener = (...args: unknown[]) => unknown;
type Bind = (listener: Listener) => Listener;
type Register = (this: EventEmitter, event: string | symbol, listener: Listener) => EventEmitter;

const ADDING = ["addListener", "on", "once", "prependListener", "prependOnceListener"] as const;
const REMOVING = ["removeListener", "off"] as const;
const bound = new WeakSet<EventEmitter>();

/**
 * Makes every listener added from now on run in the context `bind` stands for, and removing it work by the original
 * function. An emitter keeps its first context.
 */
export function bindEmitter(emitter: EventEmitter, bind: Bind): void {
  if (bound.has(emitter)) return;
  bound.add(emitter);
  const wrappers = new WeakMap<Listener, Listener>();
  let isInside = false;
  for (const name of ADDING) {
    replace(
      emitter,
      name,
      (original) =>
        function (event, listener) {
          // `once` calls `on` underneath; only the outermost call may wrap.
          if (isInside || typeof listener !== "function") return original.call(this, event, listener);
          const wrapper = wrappers.get(listener) ?? bind(listener);
          wrappers.set(listener, wrapper);
          isInside = true;
          try {
            return original.call(this, event, wrapper);
          } finally {
            isInside = false;
          }
        },
    );
  }
  for (const name of REMOVING) {
    replace(
      emitter,
      name,
      (original) =>
        function (event, listener) {
          return original.call(this, event, wrappers.get(listener) ?? listener);
        },
    );
  }
}

function replace(
  emitter: EventEmitter,
  name: (typeof ADDING)[number] | (typeof REMOVING)[number],
  create: (original: Register) => Register,
): void {
  const original = emitter[name] as Register;
  Object.defineProperty(emitter, name, { value: create(original), configurable: true, writable: true });
}
