import { context } from "@opentelemetry/api";
import type { Context, Span } from "@opentelemetry/api";
import { describeThrown } from "../../problems/index.ts";
import type { Reporter } from "../../problems/index.ts";
import { endCall, failCall, isSentBeside, startCall } from "./outgoing-call.ts";
import type { OutgoingCallParts } from "./outgoing-call.ts";
import { replaceHeaders } from "./request-init.ts";

type Fetch = typeof globalThis.fetch;

export interface FetchParts extends OutgoingCallParts {
  readonly reportOnce: Reporter["once"];
}

/**
 * Makes a span of every `fetch` and sends the headers of its trace to those who may have them. What the application gave
 * is left as it was, so that headers of one call are never on another. Returns what takes it away again.
 */
export function instrumentFetch(parts: FetchParts): () => void {
  const original = globalThis.fetch;
  if (typeof original !== "function") return () => {};
  let isOn = true;
  const traced: Fetch = (...args) => {
    const call = isOn && args.length > 0 ? prepareCall(parts, ...args) : undefined;
    if (!call) return Reflect.apply(original, globalThis, args);
    // Active until the request was made, so that whoever wrapped fetch before us sees the span.
    return context.with(call.context, () =>
      follow(() => Reflect.apply(original, globalThis, [args[0], call.init]), call.span),
    );
  };
  globalThis.fetch = traced;
  return () => {
    isOn = false;
    // Somebody may have wrapped ours since.
    if (globalThis.fetch === traced) globalThis.fetch = original;
  };
}

interface FetchCall {
  readonly context: Context;
  readonly init: RequestInit | undefined;
  readonly span: Span | undefined;
}

/** Whatever fails here, the call is made as the application wants it. */
function prepareCall(parts: FetchParts, input: RequestInfo | URL, init?: RequestInit): FetchCall | undefined {
  try {
    const method = init?.method ?? (isRequest(input) ? input.method : "GET");
    const call = startCall(parts, method, isRequest(input) ? input.url : String(input));
    return call && { ...call, init: addHeaders(call.headers, input, init) };
  } catch (problem) {
    // Also what fetch itself will refuse: an address that is none.
    if (!(problem instanceof TypeError)) {
      parts.reportOnce("processing:fetch", `A fetch could not be traced: ${describeThrown(problem)}`);
    }
    return undefined;
  }
}

/** Also one of another frame. */
function isRequest(input: RequestInfo | URL): input is Request {
  return typeof input === "object" && input !== null && "url" in input;
}

/** `init` with the headers of the trace; those that the application has set itself stay. */
function addHeaders(
  ours: Readonly<Record<string, string>>,
  input: RequestInfo | URL,
  init?: RequestInit,
): RequestInit | undefined {
  if (Object.keys(ours).length === 0) return init;
  const request = isRequest(input) ? input : undefined;
  try {
    const headers = new Headers(init?.headers ?? request?.headers);
    for (const [name, value] of Object.entries(ours)) {
      const own = headers.get(name);
      if (own === null) headers.set(name, value);
      else if (isSentBeside(name, own)) headers.set(name, `${own},${value}`);
    }
    return replaceHeaders(init, headers, request);
  } catch {
    // What fetch itself refuses, such as a header that is none.
    return init;
  }
}

async function follow(start: () => Promise<Response>, span: Span | undefined): Promise<Response> {
  try {
    const response = await start();
    // Who stands in for the browser's fetch may answer with anything.
    endCall(span, (response as Partial<Response> | undefined)?.status ?? 0);
    return response;
  } catch (error) {
    failCall(span, error instanceof Error ? error.name : "_OTHER", describeThrown(error));
    throw error;
  }
}
