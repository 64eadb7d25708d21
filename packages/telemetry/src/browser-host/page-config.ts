import type { PageConfig } from "../browser/page-config.ts";
import type { BrowserConfig } from "../config/index.ts";
import { readDsn } from "./dsn.ts";

/** The paths below `TRACEBRIDGE_BROWSER_PATH`. */
const TUNNEL = "/e";
const SPANS = "/t";

/** Where pages send Sentry's envelopes, and spans for OTLP. */
export function readPaths({ path }: BrowserConfig): { readonly tunnel: string; readonly spans: string } {
  return { tunnel: path + TUNNEL, spans: path + SPANS };
}

/** What pages are told. Anybody may read it: no secret, no address but this service's own. */
export function createPageConfig(config: BrowserConfig): PageConfig {
  const { environment, release, sentry, otlp, console, propagationTargets, debug } = config;
  const { tunnel, spans } = readPaths(config);
  return {
    serviceName: config.serviceName,
    ...(environment !== undefined && { environment }),
    ...(release !== undefined && { release }),
    ...(sentry && { sentry: { ...sentry, dsn: readDsn(sentry.dsn).publicDsn, tunnel } }),
    ...(otlp && { otlp: { url: spans, sampleRate: otlp.sampleRate } }),
    ...(console && { console }),
    // A regular expression becomes the text that the variable takes: `/…/flags`.
    ...(propagationTargets && { propagationTargets: propagationTargets.map(String) }),
    businessKeys: config.businessKeys,
    ...(debug && { debug }),
  };
}
