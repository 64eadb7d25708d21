import type { Rule } from "./rule.ts";
import { isBetweenOtelAndSentry as isBetween } from "./formats.ts";

/** What Sentry's SDK adds to every log. */
const logAttributes: ReadonlySet<string> = new Set([
  "sentry.environment",
  "sentry.origin",
  "sentry.release",
  "sentry.sdk.name",
  "sentry.sdk.version",
  "sentry.trace.parent_span_id",
  "service.name",
]);

export const logRules: readonly Rule[] = [
  {
    id: "sentry-log-attributes",
    title: "Sentry's SDK adds to every log who sent it",
    reason: "A log of Sentry has no resource: environment, release, service and SDK are attributes.",
    source: "https://develop.sentry.dev/sdk/telemetry/logs/",
    field: "log",
    isAbout: (key) => logAttributes.has(key),
    isBetween,
    predict: ({ poor }) => (poor === undefined ? undefined : { side: "rich", value: undefined }),
  },
];
