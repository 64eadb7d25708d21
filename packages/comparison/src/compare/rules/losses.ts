import type { TraceFormat } from "../../model.ts";
import type { DifferenceField } from "../result.ts";
import type { Rule } from "./rule.ts";

interface Loss extends Pick<Rule, "id" | "title" | "reason" | "source" | "field" | "key" | "isAbout"> {
  formats: readonly TraceFormat[];
}

const spanProtocol = "https://develop.sentry.dev/sdk/telemetry/spans/span-protocol/";
const sentryFormats = ["sentry", "sentry-api"] as const;
const withoutFlags: readonly TraceFormat[] = ["jaeger-v1", ...sentryFormats];
const jaegerFormats = ["jaeger-v3", "jaeger-v1"] as const;

/** What a format has no place for at all. */
const losses: readonly Loss[] = [
  {
    id: "sentry-no-resource",
    title: "Sentry keeps no resource",
    reason: "Its spans have no resource; service, environment and release are attributes of each span.",
    source: spanProtocol,
    field: "resource",
    formats: sentryFormats,
  },
  {
    id: "sentry-no-scope",
    title: "Sentry keeps no instrumentation scope",
    reason: "In its place stands the attribute `sentry.origin`.",
    source: spanProtocol,
    field: "scope",
    formats: sentryFormats,
  },
  {
    id: "sentry-no-events",
    title: "Sentry keeps no span events",
    reason: "A streamed span has no events; exceptions are issues, breadcrumbs go with those.",
    source: spanProtocol,
    field: "event",
    formats: sentryFormats,
  },
  {
    id: "sentry-no-trace-state",
    title: "Sentry keeps no trace state",
    reason: "`tracestate` travels between services, but a streamed span has no field for it.",
    source: spanProtocol,
    field: "traceState",
    formats: sentryFormats,
  },
  {
    id: "no-flags",
    title: "Sentry and Jaeger's API v1 keep no flags",
    reason: "The W3C trace flags, and whether a parent is remote, have no place there.",
    source:
      "https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto",
    field: "flags",
    formats: withoutFlags,
  },
  {
    id: "sentry-api-no-links",
    title: "Sentry's trace API keeps no links",
    reason: "They are in the answer for one span only.",
    source: "https://github.com/getsentry/sentry/blob/master/src/sentry/snuba/trace.py",
    field: "link",
    formats: ["sentry-api"],
  },
  {
    id: "sentry-api-no-logs",
    title: "Sentry's trace API keeps no logs",
    reason: "Logs of a trace are another question to Sentry.",
    source: "https://github.com/getsentry/sentry/blob/master/src/sentry/snuba/trace.py",
    field: "log",
    formats: ["sentry-api"],
  },
  {
    id: "jaeger-no-logs",
    title: "Jaeger keeps no logs",
    reason: "Jaeger stores traces only.",
    source: "https://www.jaegertracing.io/docs/latest/architecture/apis/",
    field: "log",
    formats: jaegerFormats,
  },
];

/** Whether a format has a place for it. */
export function isCarried(field: DifferenceField, format: TraceFormat): boolean {
  return !losses.some((loss) => loss.field === field && loss.formats.includes(format));
}

/** The side without the place has nothing there. */
export const lossRules: readonly Rule[] = losses.map(({ formats, ...loss }) => ({
  ...loss,
  isBetween: (rich, poor) => formats.includes(rich) !== formats.includes(poor),
  predict: (_fact, { rich }) => ({ side: formats.includes(rich.format) ? "rich" : "poor", value: undefined }),
}));
