import { switchNames } from "./choices.ts";
import type { Row } from "./row.ts";

/** The Sentry project, and what is our own: `SENTRY_*` and `TRACEBRIDGE_*`. */
export const sentryVariables = [
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
