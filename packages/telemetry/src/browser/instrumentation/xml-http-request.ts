import { context } from "@opentelemetry/api";
import { describeThrown } from "../../problems/index.ts";
import type { Reporter } from "../../problems/index.ts";
import { endCall, failCall, isSentBeside, startCall } from "./outgoing-call.ts";
import type { OutgoingCall, OutgoingCallParts } from "./outgoing-call.ts";

export interface XmlHttpRequestParts extends OutgoingCallParts {
  readonly reportOnce: Reporter["once"];
}

/** What the application has said of a request so far. */
interface Opened {
  readonly method: string;
  readonly address: string;
  /** Headers by their names in lower case. */
  readonly own: Map<string, string>;
}

/** Ends the span of a request that no event ends, as that of an error of this name. */
type GiveUp = (error: string) => void;

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
  const underWay = new WeakMap<XMLHttpRequest, GiveUp>();
  const undo = [
    wrap(
      prototype,
      "open",
      (original) =>
        function (this: XMLHttpRequest, ...args: unknown[]): unknown {
          const result = Reflect.apply(original, this, args);
          // What was under way in it ends without any event.
          underWay.get(this)?.("AbortError");
          opened.set(this, { method: String(args[0]), address: String(args[1]), own: new Map() });
          return result;
        },
    ),
    wrap(
      prototype,
      "setRequestHeader",
      (original) =>
        function (this: XMLHttpRequest, ...args: unknown[]): unknown {
          const result = Reflect.apply(original, this, args);
          opened.get(this)?.own.set(String(args[0]).toLowerCase(), String(args[1]));
          return result;
        },
    ),
    wrap(
      prototype,
      "send",
      (original) =>
        function (this: XMLHttpRequest, ...args: unknown[]): unknown {
          const send = (): unknown => Reflect.apply(original, this, args);
          const call = prepareCall(parts, this, opened.get(this));
          // Sent once more without being opened it is refused.
          opened.delete(this);
          if (!call) return send();
          const giveUp = follow(this, call);
          underWay.set(this, giveUp);
          try {
            return context.with(call.context, send);
          } catch (error) {
            giveUp(error instanceof Error ? error.name : "_OTHER");
            throw error;
          }
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
    for (const [name, value] of Object.entries(call?.headers ?? {})) {
      const own = said.own.get(name);
      // A header that is set twice gets both values.
      if (own === undefined || isSentBeside(name, own)) request.setRequestHeader(name, value);
    }
    return call;
  } catch (problem) {
    const message = `An XMLHttpRequest could not be traced: ${describeThrown(problem)}`;
    parts.reportOnce("processing:xml-http-request", message);
    return undefined;
  }
}

function follow(request: XMLHttpRequest, { span }: OutgoingCall): GiveUp {
  let failure: string | undefined;
  let hasEnded = false;
  const fail = ({ type }: Event): void => {
    failure = FAILURES.get(type);
  };
  const end = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    for (const type of FAILURES.keys()) request.removeEventListener(type, fail);
    request.removeEventListener("loadend", end);
    if (failure === undefined) endCall(span, request.status);
    else failCall(span, failure, "There was no answer.");
  };
  for (const type of FAILURES.keys()) request.addEventListener(type, fail);
  request.addEventListener("loadend", end);
  return (error) => {
    failure = error;
    end();
  };
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
