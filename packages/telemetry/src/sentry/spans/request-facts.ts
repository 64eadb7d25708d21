import { getClientIPAddress } from "@sentry/core/server";
import type { RequestFacts, RequestMetadata } from "./surroundings.ts";

interface NormalizedRequest {
  readonly url?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const LOCAL_ADDRESSES: ReadonlySet<string> = new Set(["127.0.0.1", "::1"]);
const LOCAL_HOST = /^(?:.+\.)?(?:localhost|127\.0\.0\.1)$/i;
/** Any of these may hold the address that a proxy was asked from; Sentry's code reads them. */
const FORWARDING_HEADERS = (
  "x-client-ip x-forwarded-for fly-client-ip cf-connecting-ip fastly-client-ip true-client-ip x-real-ip " +
  "x-cluster-client-ip x-forwarded forwarded-for forwarded x-vercel-forwarded-for"
).split(" ");

/** The address may become known later. */
const factsOf = new WeakMap<NormalizedRequest, { readonly address: unknown; readonly facts: RequestFacts }>();

/** As Sentry's `RequestData` integration has it, which would look at the request anew for every span. */
export function readRequestFacts(
  { normalizedRequest: request, ipAddress }: RequestMetadata,
  userAddress: unknown,
): RequestFacts {
  const address = ipAddress ?? userAddress;
  if (!request) return { isLocalhost: isLocalAddress(address) };
  const known = factsOf.get(request);
  if (known && known.address === address) return known.facts;
  const facts = createFacts(request, address);
  factsOf.set(request, { address, facts });
  return facts;
}

function createFacts({ url, method, headers = {} }: NormalizedRequest, address: unknown): RequestFacts {
  const isForwarded = FORWARDING_HEADERS.some((name) => headers[name] !== undefined);
  const client = (isForwarded && getClientIPAddress(headers)) || address;
  const isLocalhost =
    isLocalAddress(client) || isLocalHost(headers["host"]) || isLocalHost(headers["x-forwarded-host"]);
  return {
    isLocalhost: isLocalhost || isLocalHost(url && readHost(url)),
    ...(url !== undefined && { url: url.replace(/[?#].*/s, "") }),
    ...(method !== undefined && { method }),
  };
}

function readHost(url: string): string | undefined {
  return /^https?:\/\/([^/?#]+)/i.exec(url)?.[1];
}

/** `host` may have a port. */
function isLocalHost(host: string | undefined): boolean {
  return host !== undefined && LOCAL_HOST.test(host.split(":", 1)[0] ?? "");
}

function isLocalAddress(address: unknown): boolean {
  return typeof address === "string" && LOCAL_ADDRESSES.has(address);
}
