import { context } from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import {
  addBreadcrumb,
  dateTimestampInSeconds,
  getBreadcrumbLogLevelFromHttpStatusCode,
  getClient,
  getIsolationScope,
  getSanitizedUrlString,
  getUrlFragment,
  isSentryRequestUrl,
  parseUrl,
  withIsolationScope,
} from "@sentry/core";
import type { Scope } from "@sentry/core";
import { BridgeClient } from "../client/bridge-client.ts";
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
  if (isForSentry(request)) return;
  const level = getBreadcrumbLogLevelFromHttpStatusCode(request.status);
  const timestamp = dateTimestampInSeconds();
  const data = createData(request);
  const crumb = { timestamp, category: "http", type: "http", data, ...(level && { level }) };
  const addTo = (scope: Scope): void => {
    const add = (): void => addBreadcrumb(crumb, { event: "response", ...hint });
    if (getIsolationScope() === scope) add();
    else withIsolationScope(scope, add);
  };
  if (isWatched(caller)) addTo(caller.isolationScope);
  else caller.isolation.change(addTo);
}

function isWatched({ current }: ContextScopes): boolean {
  const client = current.readClient();
  return !(client instanceof BridgeClient) || client.hasBreadcrumbHooks;
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
function isForSentry({ origin, path }: OutgoingRequest): boolean {
  return path.includes("sentry_key=") && isSentryRequestUrl(readUrl(origin, path), getClient());
}

function readUrl(origin: string, path: string): string {
  try {
    return String(new URL(path.startsWith("//") ? origin + path : path, origin));
  } catch {
    return "";
  }
}
