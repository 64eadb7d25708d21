import type { IncomingMessage, ServerResponse } from "node:http";
import type { BrowserConfig } from "../config/index.ts";
import { getRunningTelemetry } from "../telemetry.ts";
import type { BrowserHosting, RunningTelemetry } from "../telemetry.ts";
import { EndpointServer } from "./endpoint-server.ts";
import type { Endpoint, OnProblem } from "./endpoint-server.ts";
import { createEndpoints } from "./endpoints.ts";
import { renderConfig, renderTrace } from "./head.ts";
import { createPageConfig } from "./page-config.ts";
import { RateLimit } from "./rate-limit.ts";
import type { RateLimits } from "./rate-limit.ts";

const DEFAULT_LIMITS: RateLimits = { perClient: 300, total: 6_000 };

export interface BrowserHostOptions {
  /** Requests of pages that are taken in a minute, of each client (default 300) and of all together (default 6,000). */
  readonly requestsPerMinute?: Partial<RateLimits>;
  /** Longest time a request to Sentry may take; default 10,000. To OTLP it is `OTEL_EXPORTER_OTLP_TIMEOUT`. */
  readonly sentryDeadlineMillis?: number;
}

export interface BrowserHost {
  /**
   * For the `<head>` of a page, in HTML: the active trace and what telemetry in the page is told. Different for each
   * request, so a page that has it must not be cached. Empty when telemetry is off.
   */
  readonly renderHead: () => string;
  /**
   * Takes what pages send, and sends it on; of all other requests, and when telemetry is off, `next` is called, or 404 is
   * answered where there is none. Put it before whatever reads bodies: `app.use(host.handler)` in Express, in Fastify
   * `app.addHook("onRequest", (request, reply, next) => host.handler(request.raw, reply.raw, next))`.
   */
  readonly handler: (request: IncomingMessage, response: ServerResponse, next?: () => void) => void;
}

/** What a host needs while telemetry runs. */
interface Site {
  readonly configElement: string;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly server: EndpointServer;
}

/**
 * What a service that serves pages does for their telemetry; the variables `TRACEBRIDGE_BROWSER_*` say how. Make one for a
 * service, at its start: from then on requests that carry telemetry are not traced. Nothing of it throws.
 */
export function createBrowserHost(options: BrowserHostOptions = {}): BrowserHost {
  let site: Site | undefined;
  const findSite = (): Site | undefined => (site ??= createSite(getRunningTelemetry(), options));
  findSite();
  return {
    renderHead: () => {
      const found = findSite();
      return found ? renderTrace() + found.configElement : "";
    },
    handler: (request, response, next) => {
      const found = findSite();
      const endpoint = found?.endpoints.get(readPath(request));
      if (found && endpoint) void found.server.serve(endpoint, request, response);
      else if (next) next();
      else response.writeHead(404).end();
    },
  };
}

function createSite(telemetry: RunningTelemetry | undefined, options: BrowserHostOptions): Site | undefined {
  if (!telemetry?.browser) return undefined;
  const onProblem: OnProblem = (kind, message) => telemetry.reportOnce(`browser-host:${kind}`, message);
  const config = withoutGrpc(telemetry.browser, onProblem);
  const endpoints = createEndpoints({
    config,
    sentryDeadlineMillis: options.sentryDeadlineMillis,
    onProblem,
  });
  for (const path of endpoints.keys()) telemetry.browser.untracedPaths.add(path);
  return {
    configElement: renderConfig(createPageConfig(config)),
    endpoints,
    server: new EndpointServer({
      rateLimit: new RateLimit({ ...DEFAULT_LIMITS, ...options.requestsPerMinute }),
      onProblem,
    }),
  };
}

/** Pages speak OTLP in JSON over HTTP, and so their spans are sent on. */
function withoutGrpc({ config }: BrowserHosting, onProblem: OnProblem): BrowserConfig {
  if (config.otlp?.protocol !== "grpc") return config;
  onProblem(
    "grpc",
    "Spans of pages cannot go to OTLP by grpc. Set OTEL_EXPORTER_OTLP_TRACES_PROTOCOL to http/json or http/protobuf, or " +
      "TRACEBRIDGE_BROWSER_EXPORTER to what pages shall use.",
  );
  const { otlp: _, ...others } = config;
  return others;
}

/** As it was asked for, whatever routers have taken off since. */
function readPath(request: IncomingMessage): string {
  const original = "originalUrl" in request ? request.originalUrl : undefined;
  const url = typeof original === "string" ? original : (request.url ?? "");
  return url.split("?", 1)[0] ?? "";
}
