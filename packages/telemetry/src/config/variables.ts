import { exporterNames, logLevelNames, propagatorNames, samplerNames, switchNames } from "./choices.ts";
import { otlpVariables } from "./otlp-variables.ts";
import type { Row } from "./row.ts";

const exporterRule =
  "with SENTRY_DSN `sentry`, plus `otlp` when an OTLP endpoint is set; without SENTRY_DSN `otlp`";

const general = [
  {
    name: "OTEL_SDK_DISABLED",
    type: "boolean",
    default: "false",
    description: "Switches all telemetry off: nothing is loaded, nothing is sent, the code runs as it is.",
  },
  {
    name: "OTEL_SERVICE_NAME",
    type: "text",
    default: "unknown_service:node",
    description: "Name of the service; wins over `service.name` in OTEL_RESOURCE_ATTRIBUTES.",
  },
  {
    name: "OTEL_RESOURCE_ATTRIBUTES",
    type: "pairs",
    default: "",
    description: "What describes the service: `service.version=1.2.3,deployment.environment.name=staging`.",
  },
  {
    name: "OTEL_LOG_LEVEL",
    type: "choice",
    choices: logLevelNames,
    default: "warn",
    description: "How much telemetry says about itself on standard error.",
  },
] as const satisfies readonly Row[];

const traces = [
  {
    name: "OTEL_TRACES_EXPORTER",
    type: "list",
    choices: exporterNames,
    default: "",
    defaultRule: exporterRule,
    description: "Where spans go.",
  },
  {
    name: "OTEL_PROPAGATORS",
    type: "list",
    choices: propagatorNames,
    default: "tracecontext,baggage,sentry",
    description: "Which trace headers are read and sent.",
  },
  {
    name: "OTEL_TRACES_SAMPLER",
    type: "choice",
    choices: samplerNames,
    default: "parentbased_always_on",
    description: "Which traces go to OTLP and the console; Sentry has SENTRY_TRACES_SAMPLE_RATE.",
  },
  {
    name: "OTEL_TRACES_SAMPLER_ARG",
    type: "rate",
    default: "1",
    description: "The share of traces that the two `traceidratio` samplers take.",
  },
  ...batch("OTEL_BSP", "spans", 5000),
] as const satisfies readonly Row[];

const logs = [
  {
    name: "OTEL_LOGS_EXPORTER",
    type: "list",
    choices: exporterNames,
    default: "",
    defaultRule: exporterRule,
    description: "Where log records go.",
  },
  ...batch("OTEL_BLRP", "log records", 1000),
] as const satisfies readonly Row[];

const limits = [
  limit(
    "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "4096",
    "Longest text of an attribute of a span or log record; longer ones are cut.",
    1,
  ),
  limit("OTEL_ATTRIBUTE_COUNT_LIMIT", "128", "Most attributes on a span or log record."),
  limit(
    "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "",
    "The length limit for spans.",
    1,
    "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
  ),
  limit("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "", "The count limit for spans.", 0, "OTEL_ATTRIBUTE_COUNT_LIMIT"),
  limit("OTEL_SPAN_EVENT_COUNT_LIMIT", "128", "Most events on a span; the latest are kept."),
  limit("OTEL_SPAN_LINK_COUNT_LIMIT", "128", "Most links on a span; the latest are kept."),
  limit("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "128", "Most attributes on a span event."),
  limit("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "128", "Most attributes on a span link."),
] as const satisfies readonly Row[];

const sentry = [
  {
    name: "SENTRY_DSN",
    type: "dsn",
    default: "",
    secret: true,
    description: "The Sentry project that spans, logs and errors go to.",
  },
  {
    name: "SENTRY_ENVIRONMENT",
    type: "text",
    default: "",
    defaultRule: "`deployment.environment.name` of OTEL_RESOURCE_ATTRIBUTES",
    description:
      "Name of the environment, for example `production`. Where neither is set, `production` is sent, as by Sentry's " +
      "own SDK; the default of SENTRY_TRACES_SAMPLE_RATE goes by what is set here alone.",
  },
  {
    name: "SENTRY_RELEASE",
    type: "text",
    default: "",
    defaultRule: "`service.name@service.version` when OTEL_RESOURCE_ATTRIBUTES has a version",
    description: "Name of the release, for example `order@1.2.3`.",
  },
  {
    name: "SENTRY_TRACES_SAMPLE_RATE",
    type: "rate",
    default: "",
    defaultRule: "`0.1` when the environment is `production`, otherwise `1`",
    description: "The share of traces that Sentry gets.",
  },
  {
    name: "TRACEBRIDGE_ERRORS",
    type: "choice",
    choices: switchNames,
    default: "on",
    description:
      "Whether errors (captured, uncaught, recorded by spans) go to Sentry; independent of OTEL_TRACES_EXPORTER.",
  },
  {
    name: "TRACEBRIDGE_BUSINESS_KEYS",
    type: "keys",
    default: "orderId",
    description: "The ids that ride in baggage and land on every span, log record and error.",
  },
] as const satisfies readonly Row[];

/** Every variable this package reads, in the order docs/configuration.md lists them. */
export const variableGroups = [
  { title: "General", rows: general },
  { title: "Traces", rows: traces },
  { title: "Logs", rows: logs },
  { title: "OTLP", rows: otlpVariables },
  { title: "Limits", rows: limits },
  { title: "Sentry and Tracebridge", rows: sentry },
] as const satisfies readonly { title: string; rows: readonly Row[] }[];

export type VariableName = (typeof variableGroups)[number]["rows"][number]["name"];

const rows: ReadonlyMap<string, Row> = new Map(
  variableGroups.flatMap((group) => group.rows.map((row): [string, Row] => [row.name, row])),
);

export function getRow(name: VariableName): Row {
  const row = rows.get(name);
  if (!row) throw new Error(`The variable ${name} is not in the table`);
  return row;
}

/** The names of all variables, to tell which messages of a library are about one of them. */
export const variableNames: readonly string[] = [...rows.keys()];

function batch<Prefix extends "OTEL_BSP" | "OTEL_BLRP">(prefix: Prefix, items: string, delayMillis: number) {
  return [
    {
      name: `${prefix}_SCHEDULE_DELAY`,
      type: "integer",
      unit: "ms",
      minimum: 1,
      default: String(delayMillis),
      description: `Longest time ${items} wait before they are sent.`,
    },
    {
      name: `${prefix}_EXPORT_TIMEOUT`,
      type: "integer",
      unit: "ms",
      minimum: 1,
      default: "30000",
      description: `Longest time one export of ${items} may take.`,
    },
    {
      name: `${prefix}_MAX_QUEUE_SIZE`,
      type: "integer",
      minimum: 1,
      default: "2048",
      description: `Most ${items} that wait; more are dropped.`,
    },
    {
      name: `${prefix}_MAX_EXPORT_BATCH_SIZE`,
      type: "integer",
      minimum: 1,
      default: "512",
      description: `Most ${items} in one request; at most the queue size.`,
    },
  ] as const satisfies readonly Row[];
}

function limit<Name extends string>(
  name: Name,
  value: string,
  description: string,
  minimum = 0,
  fallback?: string,
) {
  const row = { name, type: "integer", minimum, default: value, description } as const satisfies Row;
  return fallback === undefined ? row : { ...row, defaultRule: `the value of ${fallback}` };
}
