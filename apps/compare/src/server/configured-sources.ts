import { ConfigError } from "../config-error.ts";
import { readBaseUrl } from "../sources/base-url.ts";
import { openJaegerSource } from "../sources/jaeger.ts";
import { readSentryAddress } from "../sources/sentry-address.ts";
import { openSentrySource } from "../sources/sentry.ts";
import { SourceError, type TraceSource } from "../sources/source.ts";
import type { PageLinks } from "./sources.ts";

/** What the pages may ask beside the local stores: fixed here, so that no request can name an address or a file. */
export interface ConfiguredSources {
  sources: TraceSource[];
  pageLinks: PageLinks;
}

/**
 * @param env `COMPARE_JAEGER_URL`, `COMPARE_JAEGER_UI_URL`, `COMPARE_SENTRY_ORG` with `SENTRY_AUTH_TOKEN` and `SENTRY_URL`
 * @throws ConfigError
 */
export function openConfiguredSources(env: NodeJS.ProcessEnv): ConfiguredSources {
  const jaeger = openJaeger(env);
  const sentry = openSentry(env);
  return {
    sources: [jaeger.source, sentry.source].filter((source) => source !== undefined),
    // What was forwarded is in the real back ends, too.
    pageLinks: { jaeger: jaeger.pageUrl, sentry: sentry.pageUrl },
  };
}

interface BackEnd {
  source?: TraceSource;
  /** The trace in the back end's own user interface. */
  pageUrl?: (traceId: string) => string;
}

function openJaeger(env: NodeJS.ProcessEnv): BackEnd {
  const address = env["COMPARE_JAEGER_URL"];
  // Where compare reaches Jaeger in a network of containers is not where a browser does.
  const pages = readUrl(env, "COMPARE_JAEGER_UI_URL") ?? readUrl(env, "COMPARE_JAEGER_URL");
  const pageUrl = pages === undefined ? undefined : (traceId: string) => `${pages}/trace/${traceId}`;
  return { source: address ? { ...openJaegerSource(address), pageUrl } : undefined, pageUrl };
}

function readUrl(env: NodeJS.ProcessEnv, variable: string): string | undefined {
  const text = env[variable];
  if (!text) return undefined;
  const address = readBaseUrl(text);
  if (address) return address.base;
  // What was given is not repeated: it may hold a password.
  throw new ConfigError(`${variable} cannot be used: give an address such as http://localhost:16686.`);
}

function openSentry(env: NodeJS.ProcessEnv): BackEnd {
  const organization = env["COMPARE_SENTRY_ORG"];
  if (!organization) return {};
  try {
    // Beside the local store of that name.
    const source = { ...openSentrySource(organization, env), label: `Sentry (${organization})` };
    return { source, pageUrl: readSentryAddress(organization, env).pageUrl };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new ConfigError(`COMPARE_SENTRY_ORG cannot be used: ${error.message}`);
  }
}
