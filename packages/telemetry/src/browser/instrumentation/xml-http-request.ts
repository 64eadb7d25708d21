import { context } from "@opentelemetry/api";
import { describeThrown } from "../../problems/index.ts";
import type { Reporter } from "../../problems/index.ts";
import { endCall, failCall, startCall } from "./outgoing-call.ts";
import type { OutgoingCall, OutgoingCallParts } from "./outgoing-call.ts";

export interface XmlHttpRequestParts extends OutgoingCallParts {
  readonly reportOnce: Reporter["once"];
}

/** What the application has said of a request so far. */
interface Opened {
  readonly method: string;
  readonly address: string;
  /** Of headers, in lower case. */
  readonly names: Set<string>;
}

/** The events that end a request without an answer, and the errors that `fetch` has for the same. */
const FAILURES: ReadonlyMap<string, string> = new Map([
  ["error", "NetworkError"],
  ["timeout", "TimeoutError"],
  ["abort", "AbortError"],
]);

/** As `instrumentFetch`, for the older way to make requests, which many libraries still go. */
export function instrumentXmlHttpRequest(parts: XmlHttpRequestParts): () => void {
  if (typeof XMLHttpRequest !== "function") return () => {};
  const { prototype } = XMLHttpRequest;
  const opened = new WeakMap<XMLHttpRequest, Opened>();
  const undo = [
    wrap(
      prototype,
      "open",
      (original) =>
        function (this: XMLHttpRequest, ...args: unknown[]): unknown {
          opened.set(this, { method: String(args[0]), address: String(args[1]), names: new Set() });
          return Reflect.apply(original, this, args);
        },
    ),
    wrap(
      prototype,
      "setRequestHeader",
      (original) =>
        function (this: XMLHttpRequest, ...args: unknown[]): unknown {
          opened.get(this)?.names.add(String(args[0]).toLowerCase());
          return Reflect.apply(original, this, args);
        },
    ),
    wrap(
      prototype,
      "send",
      (original) =>
        function (this: XMLHttpRequest, ...args: unknown[]): unknown {
          const call = prepareCall(parts, this, opened.get(this));
          const send = (): unknown => Reflect.apply(original, this, args);
          return call ? context.with(call.context, send) : send();
        },
    ),
  ];
  return () => {
    for (const restore of undo) restore();
  };
}

/** Whatever fails here, the request is made as the application wants it. */
function prepareCall(
  parts: XmlHttpRequestParts,
  request: XMLHttpRequest,
  said: Opened | undefined,
): OutgoingCall | undefined {
  if (!said) return undefined;
  try {
    const call = startCall(parts, said.method, said.address);
    if (!call) return undefined;
    follow(request, call);
    for (const [name, value] of Object.entries(call.headers)) {
      // A header that is set twice gets both values, which is right for baggage alone.
      if (name === "baggage" || !said.names.has(name)) request.setRequestHeader(name, value);
    }
    return call;
  } catch (problem) {
    const message = `An XMLHttpRequest could not be traced: ${describeThrown(problem)}`;
    parts.reportOnce("processing:xml-http-request", message);
    return undefined;
  }
}

function follow(request: XMLHttpRequest, { span }: OutgoingCall): void {
  let failure: string | undefined;
  const fail = ({ type }: Event): void => {
    failure = FAILURES.get(type);
  };
  for (const type of FAILURES.keys()) request.addEventListener(type, fail, { once: true });
  const end = (): void => {
    for (const type of FAILURES.keys()) request.removeEventListener(type, fail);
    if (failure === undefined) endCall(span, request.status);
    else failCall(span, failure, "There was no answer.");
  };
  request.addEventListener("loadend", end, { once: true });
}

type Method = "open" | "send" | "setRequestHeader";
type AnyFunction = (...args: unknown[]) => unknown;

function wrap(
  prototype: XMLHttpRequest,
  method: Method,
  create: (original: AnyFunction) => AnyFunction,
): () => void {
  const original = prototype[method] as AnyFunction;
  const ours = create(original);
  let isOn = true;
  function wrapped(this: unknown, ...args: unknown[]): unknown {
    return Reflect.apply(isOn ? ours : original, this, args);
  }
  Object.assign(prototype, { [method]: wrapped });
  return () => {
    isOn = false;
    if ((prototype[method] as AnyFunction) === wrapped) Object.assign(prototype, { [method]: original });
  };
}
