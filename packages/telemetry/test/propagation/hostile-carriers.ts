import fc from "fast-check";
import { sentryTrace, text, traceParent } from "./hostile-values.ts";
import type { HostileClass, Value } from "./hostile-values.ts";

const shaped = (value: Value): Value =>
  fc.record({ traceparent: value, tracestate: value, "sentry-trace": value, baggage: value });
const hole = (): never => {
  throw new TypeError("a hole");
};
/** fast-check itself asks its values for symbols. */
const refuse = (_: object, key: string | symbol): undefined => (typeof key === "symbol" ? undefined : hole());

const refuseArray = (): unknown => new Proxy([], { get: refuse });
const refuseBytes = (): unknown => new Proxy({}, { getPrototypeOf: hole });
function revoke(): unknown {
  const { proxy, revoke: end } = Proxy.revocable([], {});
  end();
  return proxy;
}

/** As messages may hold them, and as only a mistake makes them. */
export const hostileCarriers: readonly HostileClass[] = [
  [
    "headers that are no text",
    shaped(fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true })),
  ],
  [
    "headers that are bytes",
    shaped(
      fc.oneof(
        fc.uint8Array(),
        traceParent().map((v) => Buffer.from(v)),
        sentryTrace().map((v) => Buffer.from(v)),
      ),
    ),
  ],
  [
    "headers that are lists of anything",
    shaped(fc.array(fc.oneof(fc.anything(), traceParent(), sentryTrace()))),
  ],
  [
    "headers that are long lists",
    shaped(fc.integer({ min: 60, max: 3_000 }).map((length) => Array.from({ length }, () => "a=1"))),
  ],
  [
    "headers that are objects with a text",
    shaped(text.map((value) => ({ toString: () => value, trim: hole, split: hole }))),
  ],
  [
    "headers that throw when they are read",
    shaped(fc.constant(0)).map(() =>
      Object.defineProperty({}, "traceparent", { enumerable: true, get: hole }),
    ),
  ],
  [
    "headers that are proxies which throw or are revoked",
    fc
      .constantFrom(refuseArray, refuseBytes, revoke)
      .map((create) => ({ traceparent: create(), "sentry-trace": create(), baggage: create() })),
  ],
  [
    "carriers that throw whatever is asked",
    fc
      .nat()
      .map(
        () => new Proxy({}, { get: refuse, has: (_, key) => refuse(_, key) !== undefined, ownKeys: hole }),
      ),
  ],
  [
    "carriers that are no object",
    fc.oneof(text, fc.integer(), fc.constantFrom(null, undefined, true, Symbol("carrier"))),
  ],
  [
    "carriers that are maps or functions",
    fc.constantFrom(new Map([["traceparent", "00"]]), hole, [], new Date(0)),
  ],
  [
    "headers of great length",
    shaped(fc.tuple(text, fc.nat(2_000)).map(([part, times]) => part.repeat(times))),
  ],
];
