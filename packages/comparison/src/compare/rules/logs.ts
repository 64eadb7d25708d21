import type { Trace, TraceError, TraceLog } from "../../model.ts";
import { readTitles } from "../exceptions.ts";
import { isAborted } from "./errors.ts";
import { isBetweenOtelAndSentry as isBetween } from "./formats.ts";
import type { Prediction, Rule } from "./rule.ts";

/** What Sentry's SDK adds to every log. */
const logAttributes: ReadonlySet<string> = new Set([
  "sentry.environment",
  "sentry.origin",
  "sentry.release",
  "sentry.sdk.name",
  "sentry.sdk.version",
  "service.name",
]);

/** The first of each four of OpenTelemetry's severity numbers. */
const levels = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

function readLevel(level: string): string {
  const number = /^\d+$/u.test(level) ? Number(level) : Number.NaN;
  return levels[Math.ceil(number / 4) - 1] ?? level;
}

/** What the service's spans say as well; where it has none, or they say nothing there, it is Sentry's alone. */
function predictOfSender(key: string, { spans }: Trace, service: string): Prediction {
  if (key === "sentry.origin") return { side: "poor", value: "auto.log.otel" };
  const ofService = spans.filter((span) => span.service === service && Object.hasOwn(span.attributes, key));
  const [value, ...others] = new Set(ofService.map(({ attributes }) => attributes[key]));
  return value === undefined
    ? { side: "rich", value: undefined }
    : { side: "poor", value, orElse: () => others };
}

function isIssueOf({ spanId, title }: TraceError, log: TraceLog): boolean {
  const isException = "exception.message" in log.attributes || "exception.type" in log.attributes;
  return spanId === log.spanId && (isException ? readTitles(log.attributes) : [log.body]).includes(title);
}

const protocol = "https://develop.sentry.dev/sdk/telemetry/logs/";

export const logRules: readonly Rule[] = [
  {
    id: "sentry-log-attributes",
    title: "Sentry's SDK adds to every log who sent it",
    reason:
      "A log of Sentry has no resource: environment, release, service and SDK are attributes, the same as on the spans of its service.",
    source: protocol,
    field: "log",
    isAbout: (key = "") => logAttributes.has(key),
    isBetween,
    predict: ({ rich, logs, key = "" }, { poor }) =>
      rich === undefined && logs ? predictOfSender(key, poor.trace, logs.poor.service) : undefined,
  },
  {
    id: "sentry-log-resource",
    title: "Sentry has an attribute of the resource on the log",
    reason: "Sentry keeps no resource, but what describes the service may be copied to its logs.",
    source: protocol,
    field: "log",
    isAbout: (key) => key !== undefined,
    isBetween,
    predict: ({ rich, logs, key = "" }, scene) => {
      if (rich !== undefined || !logs) return undefined;
      const span = scene.rich.trace.spans.find(({ service }) => service === logs.rich.service);
      return span && Object.hasOwn(span.resource, key)
        ? { side: "poor", value: span.resource[key] }
        : undefined;
    },
  },
  {
    id: "sentry-issue-log",
    title: "Sentry has an issue in place of a log",
    reason:
      "An error or message that the application reports is a log record for the back ends that know no issues. At Sentry the issue on the " +
      "same span tells the same.",
    source: "https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/",
    field: "log",
    isAbout: (key) => key === undefined,
    isBetween,
    predict: ({ log }, { poor }) =>
      log &&
      (isAborted(readTitles(log.attributes)) || poor.trace.errors.some((error) => isIssueOf(error, log)))
        ? { side: "poor", value: undefined }
        : undefined,
  },
  {
    id: "sentry-log-span",
    title: "Sentry repeats the span of a log as an attribute",
    reason: "`sentry.trace.parent_span_id` is the id of the span in which the log was written.",
    source: protocol,
    field: "log",
    key: "sentry.trace.parent_span_id",
    isBetween,
    predict: ({ logs }) =>
      logs && { side: "poor", value: logs.rich.spanId, orElse: () => [logs.poor.spanId] },
  },
  {
    id: "sentry-log-level",
    title: "Sentry has a word for each level",
    reason: "A record with nothing but a severity number has the level that OpenTelemetry gives that number.",
    source: "https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber",
    field: "log",
    isAbout: (key) => key === undefined,
    isBetween,
    predict: ({ rich }) => {
      if (typeof rich !== "object" || rich === null) return undefined;
      const log = rich as TraceLog;
      return { side: "poor", value: { ...log, level: readLevel(log.level) } };
    },
  },
];
