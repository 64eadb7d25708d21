import { createEnvelopeScrubber, createScrubber, MAX_SENTRY_TEXT_LENGTH } from "../../scrubbing/index.ts";
import type { SentryOptions } from "../../sentry/types.ts";
import type { PageConfig } from "../page-config.ts";
import type { BrowserSentrySurroundings } from "../types.ts";

/** The configuration of a page in the words of the bridge. */
export function createOptions(
  { serviceName, environment, release, debug }: PageConfig,
  sentry: NonNullable<PageConfig["sentry"]>,
  { hooks, businessKeys, readBusinessContext, reportOnce }: BrowserSentrySurroundings,
): SentryOptions {
  const scrubber = createScrubber({ businessKeys, maxTextLength: MAX_SENTRY_TEXT_LENGTH });
  return {
    ...(hooks && { hooks }),
    dsn: sentry.dsn,
    ...(environment !== undefined && { environment }),
    ...(release !== undefined && { release }),
    serviceName,
    spans: sentry.spans,
    errors: sentry.errors,
    recordedExceptions: sentry.errors,
    tracesSampleRate: sentry.tracesSampleRate,
    debug: debug === true,
    // Sentry's filters for crawlers and old browsers look for it on every span.
    attributes: { "user_agent.original": navigator.userAgent },
    scrubEnvelope: createEnvelopeScrubber(scrubber),
    scrubText: (text) => scrubber.text(text),
    scrubAttribute: (key, value) => scrubber.value(key, value),
    readBusinessContext,
    businessKeys,
    onProblem: ({ code, message }) => reportOnce(code, message),
  };
}
