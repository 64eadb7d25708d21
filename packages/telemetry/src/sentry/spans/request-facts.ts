import type { Scope } from "@sentry/core";
import { getClientIPAddress } from "@sentry/core/server";

/** What Sentry's integration for requests says on the spans of a request, save what the spans say themselves. */
export interface RequestFacts {
  readonly isLocalhost: boolean;
  /** Without query and fragment. */
  readonly url?: string;
  readonly method?: string;
}

type Metadata = ReturnType<Scope["getScopeData"]>["sdkProcessingMetadata"];

interface NormalizedRequest {
  readonly url?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const LOCAL_ADDRESSES: ReadonlySet<string> = new Set(["127.0.0.1", "::1"]);
const LOCAL_HOST = /^(?:.+\.)?(?:localhost|127\.0\.0\.1)$/i;
/** Any of these may hold the address that a proxy was asked from. */
const FORWARDING_HEADER =
  /^(?:x-|fly-|cf-|fastly-|true-)?(?:client-ip|forwarded|forwarded-for|connecting-ip|real-ip|cluster-client-ip|vercel-forwarded-for)$/;

const known = new WeakMap<NormalizedRequest, RequestFacts>();

/**
 * As Sentry's `RequestData` integration has it, which would look at the request anew for every span.
 * @param userAddress the address that the application gave the user, where the request has none
 */
export function readRequestFacts(
  { normalizedRequest: request, ipAddress }: Metadata,
  userAddress: unknown,
): RequestFacts {
  const address = ipAddress ?? userAddress;
  if (!request) return { isLocalhost: isLocalAddress(address) };
  const found = known.get(request);
  if (found) return found;
  const facts = createFacts(request, address);
  known.set(request, facts);
  return facts;
}

function createFacts({ url, method, headers = {} }: NormalizedRequest, address: unknown): RequestFacts {
  const isForwarded = Object.keys(headers).some((name) => FORWARDING_HEADER.test(name));
  const client = (isForwarded && getClientIPAddress(headers)) || address;
  const hosts = [
    /^https?:\/\/([^/:?#]+)/i.exec(url ?? "")?.[1],
    headers["host"],
    headers["x-forwarded-host"],
  ];
  return {
    isLocalhost:
      isLocalAddress(client) ||
      hosts.some((host) => host !== undefined && LOCAL_HOST.test(host.split(":")[0] ?? "")),
    ...(url !== undefined && { url: url.replace(/[?#].*/s, "") }),
    ...(method !== undefined && { method }),
  };
}

function isLocalAddress(address: unknown): boolean {
  return typeof address === "string" && LOCAL_ADDRESSES.has(address);
}
