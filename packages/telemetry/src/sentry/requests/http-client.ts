import type { ClientRequest, IncomingMessage } from "node:http";
import { addRequestBreadcrumb, findCaller } from "./breadcrumb.ts";
import { listen } from "./listen.ts";
import type { ContextScopes } from "../scopes/segment-scopes.ts";

/** https://nodejs.org/api/diagnostics_channel.html#http */
const REQUEST_STARTS = "http.client.request.created";
const RESPONSE_ARRIVES = "http.client.response.finish";
const REQUEST_FAILS = "http.client.request.error";

const CALLER = Symbol("tracebridge.caller");

interface Exchange {
  readonly request: ClientRequest & { res?: IncomingMessage; [CALLER]?: ContextScopes };
  readonly response?: IncomingMessage;
}

/**
 * Leaves a breadcrumb of every request that `node:http` and `node:https` send. Node itself tells of answers and errors, so
 * that no listener is added, which would change what becomes of an answer that nobody reads.
 */
export function watchHttpClients(): void {
  listen(REQUEST_STARTS, ({ request }: Exchange) => {
    const caller = findCaller();
    if (caller) request[CALLER] = caller;
  });
  listen(RESPONSE_ARRIVES, addBreadcrumb);
  listen(REQUEST_FAILS, addBreadcrumb);
}

function addBreadcrumb({ request, response }: Exchange): void {
  const caller = request[CALLER];
  // An error after the answer has begun was told of with the answer.
  if (!caller || (!response && request.res)) return;
  const { method, protocol, path } = request;
  const origin = `${protocol}//${String(request.getHeader("host") ?? request.host)}`;
  const status = response?.statusCode;
  addRequestBreadcrumb(caller, { method, origin, path, status }, { request, response });
}
