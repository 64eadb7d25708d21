import type { Destination } from "./destination.ts";

/** https://develop.sentry.dev/sdk/foundations/transport/authentication/ */
export function createSentryDestination(dsn: string): Destination {
  const { url, origin, publicKey } = readDsn(dsn);
  const auth = `Sentry sentry_version=7, sentry_client=tracebridge-compare, sentry_key=${publicKey}`;
  const headers = { "content-type": "application/x-sentry-envelope", "x-sentry-auth": auth };
  return {
    name: `Sentry at ${origin}`,
    variable: "COMPARE_FORWARD_SENTRY_DSN",
    address: ({ kind }, body) => (kind === "sentry" ? { url, headers, body: nameDsn(body, dsn) } : undefined),
  };
}

/** @throws Error that says what a DSN must have */
function readDsn(dsn: string): { url: string; origin: string; publicKey: string } {
  const parsed = URL.parse(dsn);
  const [, path, project] = /^(.*)\/(\d+)\/?$/.exec(parsed?.pathname ?? "") ?? [];
  const isWeb = parsed?.protocol === "http:" || parsed?.protocol === "https:";
  if (!parsed || !isWeb || !parsed.username || project === undefined) {
    throw new Error("a DSN has the form https://<public key>@<host>/<project number>");
  }
  return {
    url: `${parsed.origin}${path}/api/${project}/envelope/`,
    origin: parsed.origin,
    publicKey: decodeURIComponent(parsed.username),
  };
}

/** The header of an envelope that came through a tunnel names the DSN it is for. */
function nameDsn(envelope: Uint8Array, dsn: string): Uint8Array {
  const end = envelope.indexOf(0x0a);
  const line = end < 0 ? envelope : envelope.subarray(0, end);
  const header = JSON.parse(new TextDecoder().decode(line)) as Record<string, unknown>;
  if (!Object.hasOwn(header, "dsn")) return envelope;
  const renamed = Buffer.from(JSON.stringify({ ...header, dsn }));
  return end < 0 ? renamed : Buffer.concat([renamed, envelope.subarray(end)]);
}
