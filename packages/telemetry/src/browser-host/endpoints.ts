import type { BrowserConfig } from "../config/index.ts";
import { checkEnvelope, readSpans } from "./contents.ts";
import { readDsn } from "./dsn.ts";
import type { Endpoint, OnProblem } from "./endpoint-server.ts";
import { readPaths } from "./page-config.ts";
import { Upstream } from "./upstream.ts";

const SENTRY_DEADLINE_MILLIS = 10_000;

export interface EndpointParts {
  readonly config: BrowserConfig;
  readonly sentryDeadlineMillis: number | undefined;
  readonly onProblem: OnProblem;
}

/** By path. */
export function createEndpoints(parts: EndpointParts): ReadonlyMap<string, Endpoint> {
  const { sentry, otlp } = parts.config;
  const paths = readPaths(parts.config);
  const endpoints = new Map<string, Endpoint>();
  if (sentry) endpoints.set(paths.tunnel, createTunnel(sentry.dsn, parts));
  if (otlp) endpoints.set(paths.spans, createSpanEndpoint(otlp, parts));
  return endpoints;
}

/** https://docs.sentry.io/platforms/javascript/troubleshooting/#using-the-tunnel-option */
function createTunnel(
  dsn: string,
  { sentryDeadlineMillis = SENTRY_DEADLINE_MILLIS, onProblem }: EndpointParts,
): Endpoint {
  const { publicDsn, envelopeUrl } = readDsn(dsn);
  const upstream = new Upstream({
    url: envelopeUrl,
    headers: { "content-type": "application/x-sentry-envelope" },
    deadlineMillis: sentryDeadlineMillis,
    onFailure: (reason) => {
      const where = `What pages send does not get to Sentry (${envelopeUrl.origin})`;
      onProblem("sentry", `${where}: ${reason}. Check SENTRY_DSN and TRACEBRIDGE_BROWSER_DSN.`);
    },
  });
  return {
    upstream,
    read: ({ packed, encoding, text }) => {
      checkEnvelope(text, publicDsn);
      return { bytes: packed, encoding };
    },
  };
}

function createSpanEndpoint(
  otlp: NonNullable<BrowserConfig["otlp"]>,
  { config: { serviceName }, onProblem }: EndpointParts,
): Endpoint {
  const url = new URL(otlp.url);
  const mediaType = "application/json";
  const upstream = new Upstream({
    url,
    headers: { ...otlp.headers, "content-type": mediaType },
    deadlineMillis: otlp.timeoutMillis,
    onFailure: (reason) => {
      const where = `Spans of pages do not get to OTLP (${url.origin}${url.pathname})`;
      onProblem("otlp", `${where}: ${reason}. Check ${otlp.urlVariable}.`);
    },
  });
  return {
    upstream,
    mediaType,
    read: ({ text }) => ({ bytes: Buffer.from(readSpans(text, serviceName)), encoding: undefined }),
  };
}
