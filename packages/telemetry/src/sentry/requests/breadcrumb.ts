import { context } from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import {
  addBreadcrumb,
  dateTimestampInSeconds,
  getBreadcrumbLogLevelFromHttpStatusCode,
  getIsolationScope,
  getSanitizedUrlString,
  getUrlFragment,
  isSentryRequestUrl,
  parseUrl,
  withIsolationScope,
} from "@sentry/core";
import type { Breadcrumb, Client, Scope } from "@sentry/core";
import { NodeBridgeClient } from "../client/node-client.ts";
import type { ForkedScope } from "../scopes/forked-scope.ts";
import { resolveScopes } from "../scopes/segment-scopes.ts";
import type { ContextScopes } from "../scopes/segment-scopes.ts";

export interface OutgoingRequest {
  readonly method: string;
  /** Scheme and host. */
  readonly origin: string;
  readonly path: string;
  /** Missing where there was no answer. */
  readonly status: number | undefined;
}

/**
 * Whose breadcrumb the request that starts now is; `undefined` where it is telemetry's own. To be asked at its start:
 * connections are shared, and an answer or error may arrive in the context of whoever opened one.
 */
export function findCaller(): ContextScopes | undefined {
  const active = context.active();
  return isTracingSuppressed(active) ? undefined : resolveScopes(active);
}

export function addRequestBreadcrumb(
  caller: ContextScopes,
  request: OutgoingRequest,
  hint: Readonly<Record<string, unknown>>,
): void {
  const client = caller.current.readClient();
  if (!client || isForSentry(request, client)) return;
  const crumb = createCrumb(request);
  if (isWatched(client)) tellHooks(caller.isolationScope, crumb, hint);
  else addLater(caller.isolation, crumb, client);
}

function createCrumb(request: OutgoingRequest): Breadcrumb {
  const level = getBreadcrumbLogLevelFromHttpStatusCode(request.status);
  const timestamp = dateTimestampInSeconds();
  const data = createData(request);
  return { timestamp, category: "http", type: "http", data, ...(level && { level }) };
}

function tellHooks(scope: Scope, crumb: Breadcrumb, hint: Readonly<Record<string, unknown>>): void {
  const add = (): void => addBreadcrumb(crumb, { event: "response", ...hint });
  if (getIsolationScope() === scope) add();
  else withIsolationScope(scope, add);
}

/** What waits is the breadcrumb alone: a request and its answer would live as long as the scope does. */
function addLater(isolation: ForkedScope, crumb: Breadcrumb, client: Client): void {
  isolation.change((scope) => scope.addBreadcrumb(crumb, client.getOptions().maxBreadcrumbs));
}

function isWatched(client: Client): boolean {
  return !(client instanceof NodeBridgeClient) || client.hasBreadcrumbHooks;
}

/** The address is put together when somebody reads it: most breadcrumbs are never sent. */
function createData({ method, origin, path, status }: OutgoingRequest): Record<string, unknown> {
  let address: string | undefined;
  const fragment = path.includes("#") ? getUrlFragment(parseUrl(readUrl(origin, path)).hash) : undefined;
  return {
    ...(status !== undefined && { status_code: status }),
    get url(): string {
      address ??= getSanitizedUrlString(parseUrl(readUrl(origin, path)));
      return address;
    },
    // A hook of the application may change it.
    set url(changed: string) {
      address = changed;
    },
    "http.request.method": method,
    ...(fragment !== undefined && { "url.fragment": fragment }),
  };
}

/** Whether somebody's own code talks to Sentry's API. */
function isForSentry({ origin, path }: OutgoingRequest, client: Client): boolean {
  return path.includes("sentry_key=") && isSentryRequestUrl(readUrl(origin, path), client);
}

function readUrl(origin: string, path: string): string {
  try {
    return String(new URL(path.startsWith("//") ? origin + path : path, origin));
  } catch {
    return "";
  }
}
