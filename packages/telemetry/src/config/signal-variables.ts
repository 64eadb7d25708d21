import { exporterNames, propagatorNames, samplerNames, trustNames } from "./choices.ts";
import type { Row } from "./row.ts";

const exporterRule =
  "with SENTRY_DSN `sentry`, plus `otlp` when an OTLP endpoint is set; without SENTRY_DSN `otlp`";

export const traceVariables = [
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
    name: "TRACEBRIDGE_PROPAGATION_TARGETS",
    type: "patterns",
    default: "",
    description:
      "Whom HTTP requests send trace headers and baggage to: addresses, scheme to path, that contain one of the texts " +
      "(begin with it, where it has a scheme) or match one of the regular expressions; credentials, query and fragment are not looked at. `[]` is nobody, and so is a " +
      "malformed list. Without a list, trace headers go with every request and ids in baggage with none. Messages always " +
      "carry both.",
  },
  {
    name: "TRACEBRIDGE_TRUST_INBOUND",
    type: "choice",
    choices: trustNames,
    default: "all",
    description:
      "How much of the trace headers of HTTP requests is followed. `all`: everything, for internal services. `ids`: the " +
      "trace and its parent continue, sampling is decided here, and of the baggage only TRACEBRIDGE_BUSINESS_KEYS are kept; " +
      "for services that browsers call. `none`: a new trace that links to the sender's. Messages are always trusted.",
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
  {
    name: "TRACEBRIDGE_SAMPLING_RULES",
    type: "rules",
    default: "",
    description:
      "Rates for some traces by `method`, `path`, `queue` and `service`, for each back end: " +
      '`[{"method":"POST","path":"/checkout/*","sentry":1,"otlp":0.5},{"queue":"jobs","sentry":0.1}]`. The first rule ' +
      "that matches sets the rates it names where no parent has decided; the README of the package says more.",
  },
  ...batch("OTEL_BSP", "spans", 5000),
] as const satisfies readonly Row[];

export const logVariables = [
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
