import { switchNames } from "./choices.ts";
import type { Row } from "./row.ts";

/** What nobody can act on. */
const NOISE =
  "/ResizeObserver loop completed with undelivered notifications/, /Loading chunk \\d+ failed/, /^AbortError\\b/";

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
    name: "TRACEBRIDGE_IGNORE_ERRORS",
    type: "patterns",
    default: NOISE,
    description:
      "Errors that are not sent: those whose message, or `type: message`, contains one of the texts or matches one of the " +
      "regular expressions. `[]` ignores none; a list of your own replaces this one.",
  },
  {
    name: "TRACEBRIDGE_IGNORE_TRANSACTIONS",
    type: "patterns",
    default: "",
    description:
      "Transactions that Sentry does not get, with all spans below them in this process: those whose name, for example " +
      "`GET /users/:id` or `process jobs`, contains one of the texts or matches one of the regular expressions. OTLP has " +
      "them all; TRACEBRIDGE_SAMPLING_RULES is for both. A name with a route is known when the request ends: what was " +
      "sent before, every 5 s, stays, and the services called meanwhile have recorded their part.",
  },
  {
    name: "TRACEBRIDGE_SESSIONS",
    type: "choice",
    choices: switchNames,
    default: "on",
    description:
      "Whether Sentry gets sessions, its data for crash-free rates: each HTTP request, or the whole process where it serves " +
      "none. They need a release, and TRACEBRIDGE_ERRORS.",
  },
  {
    name: "SENTRY_NAME",
    type: "text",
    default: "",
    defaultRule: "`host.name` of OTEL_RESOURCE_ATTRIBUTES, or else the name of the host",
    description: "Name of the server on errors.",
  },
  {
    name: "TRACEBRIDGE_BUSINESS_KEYS",
    type: "keys",
    default: "orderId",
    description: "The ids that ride in baggage and land on every span, log record and error.",
  },
] as const satisfies readonly Row[];
