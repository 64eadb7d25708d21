import { addRequestBreadcrumb, findCaller } from "./breadcrumb.ts";
import { listen } from "./listen.ts";
import type { ContextScopes } from "../scopes/segment-scopes.ts";

/** https://github.com/nodejs/undici/blob/main/docs/docs/api/DiagnosticsChannel.md */
const REQUEST_STARTS = "undici:request:create";
const RESPONSE_ARRIVES = "undici:request:headers";

interface Exchange {
  readonly request: { readonly method?: string; readonly origin?: string | URL; readonly path: string };
  readonly response?: { readonly statusCode: number };
}

const callers = new WeakMap<object, ContextScopes>();

/** Leaves a breadcrumb of every request that `fetch` and undici send, when its answer begins. */
export function watchFetchClients(): void {
  listen(REQUEST_STARTS, ({ request }: Exchange) => {
    const caller = findCaller();
    if (caller) callers.set(request, caller);
  });
  listen(RESPONSE_ARRIVES, ({ request, response }: Exchange) => {
    const caller = callers.get(request);
    if (!caller) return;
    const { method = "GET", origin = "", path } = request;
    const outgoing = { method, origin: String(origin), path, status: response?.statusCode };
    addRequestBreadcrumb(caller, outgoing, { request, response });
  });
}
