import { readBusinessIds } from "../business-context/index.ts";
import type { Reporter } from "../problems/index.ts";
import { createEnvelopeScrubber, createScrubber, MAX_SENTRY_TEXT_LENGTH } from "../scrubbing/index.ts";
import type { SentryOptions } from "../sentry/index.ts";
import { getRunningTelemetry } from "../telemetry.ts";

type Surroundings = Pick<
  SentryOptions,
  | "scrubAttribute"
  | "scrubEnvelope"
  | "scrubText"
  | "readBusinessContext"
  | "businessKeys"
  | "shutdownOnFatal"
  | "onProblem"
>;

/** What the bridge needs of the pipeline around it, whoever sets it up. */
export function createBridgeSurroundings(
  businessKeys: ReadonlySet<string>,
  reporter: Reporter,
): Surroundings {
  const scrubber = createScrubber({ businessKeys, maxTextLength: MAX_SENTRY_TEXT_LENGTH });
  return {
    scrubEnvelope: createEnvelopeScrubber(scrubber),
    scrubText: (text) => scrubber.text(text),
    scrubAttribute: (key, value) => scrubber.value(key, value),
    readBusinessContext: (context) => readBusinessIds(context, businessKeys),
    businessKeys,
    shutdownOnFatal: () => getRunningTelemetry()?.shutdown() ?? Promise.resolve(),
    onProblem: ({ code, message }) => reporter.once(code, message),
  };
}
