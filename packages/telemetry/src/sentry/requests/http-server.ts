import type { IncomingMessage, ServerResponse } from "node:http";
import { context, propagation, trace } from "@opentelemetry/api";
import type { Context } from "@opentelemetry/api";
import type { Client } from "@sentry/core";
import { generateTraceId } from "@sentry/core";
import { markInbound } from "../../propagation/index.ts";
import type { ForkedScope } from "../scopes/forked-scope.ts";
import { ContextScopes, createDeferredContext } from "../scopes/scoped-context.ts";
import { resolveScopes } from "../scopes/segment-scopes.ts";
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
const isolating = new WeakSet<Emitter>();

/** Gives every request to an HTTP server of this process an isolation scope that knows the request. */
export function isolateHttpRequests(sessions: boolean): void {
  listen(REQUEST_STARTS, ({ server }: { server: Emitter }) => {
    if (!isolating.has(server)) isolateRequestsOf(server, sessions);
  });
}

/**
 * Replaces `emit` of the server alone, so that it is around OpenTelemetry's patch of all servers, whether that comes before
 * or after.
 */
function isolateRequestsOf(server: Emitter, sessions: boolean): void {
  isolating.add(server);
  const own = Object.hasOwn(server, "emit") ? server.emit : undefined;
  const callOriginal = (args: unknown[]): boolean => {
    const emit = own ?? (Object.getPrototypeOf(server) as Emitter).emit;
    return emit.apply(server, args);
  };
  server.emit = (...args) => {
    const [event, request, response] = args;
    if (event !== "request") return callOriginal(args);
    const isolated = tryIsolate(request as IncomingMessage, response as ServerResponse, sessions);
    return isolated ? context.with(isolated, callOriginal, undefined, args) : callOriginal(args);
  };
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
  request[SEEN] = true;
  const isolation = isolateRequest(outer, request, client, sessions);
  const endSession = sessions ? startSession(client, isolation) : undefined;
  response.once("close", () => {
    const status = response.statusCode;
    isolation.change((scope) => scope.setContext("response", { status_code: status }));
    endSession?.();
  });
  const scopes = new ContextScopes(startTrace(outer), isolation);
  return createDeferredContext(() => continueTrace(around, request), scopes);
}

function isolateRequest(
  outer: ContextScopes,
  request: IncomingMessage,
  client: Client,
  sessions: boolean,
): ForkedScope {
  const ipAddress = request.socket.remoteAddress;
  const metadata = {
    normalizedRequest: readRequestData(request),
    ...(ipAddress !== undefined && { ipAddress }),
    ...(sessions && { requestSession: { ...NEW_SESSION } }),
  };
  const transaction = readTransactionName(request);
  return outer.isolation.fork({
    metadata,
    prepare: (scope) => {
      scope.setClient(client);
      if (sessions) scope.setSession();
      scope.setTransactionName(transaction);
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

/** Where OpenTelemetry's http instrumentation is at work, it reads the headers itself and nobody asks for this. */
function continueTrace(around: Context, { headers }: IncomingMessage): Context {
  markInbound(headers);
  return propagation.extract(trace.deleteSpan(around), headers);
}
