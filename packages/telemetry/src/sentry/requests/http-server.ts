import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { context, propagation, trace } from "@opentelemetry/api";
import type { Context } from "@opentelemetry/api";
import type { Client } from "@sentry/core";
import { generateTraceId } from "@sentry/core";
import { markInbound } from "../../propagation/index.ts";
import type { ForkedScope } from "../scopes/forked-scope.ts";
import { ContextScopes, createDeferredContext, resolveScopes } from "../scopes/segment-scopes.ts";
import { listen } from "./listen.ts";
import { readRequestData, readTransactionName } from "./request-data.ts";
import { NEW_SESSION, startSession } from "./request-sessions.ts";

/** Published by Node just before a server is told of a request. https://nodejs.org/api/diagnostics_channel.html#http */
const REQUEST_STARTS = "http.server.request.start";
/** The mark of Sentry's own integration: whichever sees a request first isolates it. */
const SEEN = Symbol.for("sentry_http_server_instrumented");

interface Emitter {
  emit: (this: unknown, ...args: unknown[]) => boolean;
}

interface Replacement {
  readonly original: Emitter["emit"];
  readonly own: Emitter["emit"];
}
const replacements = new WeakMap<Emitter, Replacement>();

/** Gives every request to an HTTP server of this process an isolation scope that knows the request. */
export function isolateHttpRequests(sessions: boolean): void {
  listen(REQUEST_STARTS, ({ server }: { server: Emitter }) => {
    const replaced = replacements.get(server);
    // Whoever put the original back has ended theirs, not ours; what they put around it calls ours.
    const isMissing = !replaced || server.emit === replaced.original || !Object.hasOwn(server, "emit");
    if (!isMissing) return;
    const replacement = replaced ?? createReplacement(server, sessions);
    replacements.set(server, replacement);
    const { own } = replacement;
    Object.defineProperty(server, "emit", { value: own, configurable: true, writable: true });
  });
}

/**
 * Replaces `emit` of the server alone, so that it is around OpenTelemetry's patch of all servers, whether that comes before
 * or after.
 */
function createReplacement(server: Emitter, sessions: boolean): Replacement {
  const original = server.emit;
  const ofServer = Object.hasOwn(server, "emit") ? original : undefined;
  const own: Emitter["emit"] = function (...args) {
    const emit = ofServer ?? (Object.getPrototypeOf(server) as Emitter).emit;
    const [event, request, response] = args;
    if (event !== "request") return emit.apply(this, args);
    const isolated = tryIsolate(request as IncomingMessage, response as ServerResponse, sessions);
    return isolated ? context.with(isolated, emit, this, ...args) : emit.apply(this, args);
  };
  return { original, own };
}

function tryIsolate(...parts: Parameters<typeof isolate>): Context | undefined {
  try {
    return isolate(...parts);
  } catch {
    return undefined; // the request is served all the same
  }
}

/** The context to serve the request in; `undefined` where that is made already, or there is nobody to tell. */
function isolate(
  request: IncomingMessage & { [SEEN]?: boolean },
  response: ServerResponse,
  sessions: boolean,
): Context | undefined {
  const around = context.active();
  const outer = resolveScopes(around);
  const client = outer.current.readClient();
  if (!client || request[SEEN]) return undefined;
  const isolation = isolateRequest(outer, request, client, sessions);
  const endSession = sessions ? startSession(client, isolation) : undefined;
  response.once("close", () => {
    const status = response.statusCode;
    isolation.change((scope) => scope.setContext("response", { status_code: status }));
    endSession?.();
  });
  const scopes = new ContextScopes(startTrace(outer), isolation);
  request[SEEN] = true;
  return createDeferredContext(() => continueTrace(around, request), scopes);
}

function isolateRequest(
  outer: ContextScopes,
  request: IncomingMessage,
  client: Client,
  sessions: boolean,
): ForkedScope {
  // Requests that the application emits itself may come without a socket.
  const socket: Partial<Socket> | undefined = request.socket;
  const normalizedRequest = readRequestData(request);
  const metadata = {
    normalizedRequest,
    ipAddress: socket?.remoteAddress,
    ...(sessions && { requestSession: { ...NEW_SESSION } }),
  };
  const transaction = readTransactionName(request);
  return outer.isolation.fork({
    metadata,
    prepare: (scope) => {
      scope.setClient(client);
      if (sessions) scope.setSession();
      scope.setTransactionName(transaction);
      // Event processors may change them; those of the request are the application's.
      scope.setSDKProcessingMetadata({ normalizedRequest: { headers: { ...normalizedRequest.headers } } });
    },
  });
}

/** The current scope of a request, which begins a trace where the request brings none. Forks of it have the same. */
function startTrace(outer: ContextScopes): ForkedScope {
  let traceId: string | undefined;
  let sampleRand = 0;
  return outer.current.fork({
    prepare: (scope) => {
      if (traceId === undefined) {
        traceId = generateTraceId();
        sampleRand = Math.random();
      }
      scope.setPropagationContext({ traceId, sampleRand, propagationSpanId: traceId.slice(16) });
    },
  });
}

/**
 * Where OpenTelemetry's http instrumentation is at work, it reads the headers itself and nobody asks for this. Asked by the
 * application's code, which must not be told of what a propagator threw.
 */
function continueTrace(around: Context, { headers }: IncomingMessage): Context {
  const outside = trace.deleteSpan(around);
  try {
    markInbound(headers);
    return propagation.extract(outside, headers);
  } catch {
    return outside;
  }
}
