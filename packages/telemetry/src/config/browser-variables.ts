import { exporterNames } from "./choices.ts";
import type { Row } from "./row.ts";

/** What pages in browsers are told by the service that serves them, and where it takes what they send. */
export const browserVariables = [
  {
    name: "TRACEBRIDGE_BROWSER_PATH",
    type: "path",
    default: "/tb",
    description:
      "Below this path the service takes what its pages send, of their own origin: Sentry's envelopes at `/tb/e` and spans at " +
      "`/tb/t`. Another one helps where an ad-blocker, or a route of the service, knows this one.",
  },
  {
    name: "TRACEBRIDGE_BROWSER_SERVICE_NAME",
    type: "text",
    default: "page",
    description: "`service.name` of pages. Spans of pages that name another service are refused.",
  },
  {
    name: "TRACEBRIDGE_BROWSER_DSN",
    type: "dsn",
    default: "",
    defaultRule: "the value of SENTRY_DSN",
    secret: true,
    description:
      "The Sentry project that spans and errors of pages go to. Its public key stands in every page, a secret part does not.",
  },
  {
    name: "TRACEBRIDGE_BROWSER_EXPORTER",
    type: "list",
    choices: exporterNames,
    default: "",
    defaultRule:
      "where the service's own spans go (OTEL_TRACES_EXPORTER), and `sentry` when there is a TRACEBRIDGE_BROWSER_DSN",
    description:
      "Where spans of pages go; `console` is that of the browser. Errors of pages go to Sentry wherever there is a DSN, unless " +
      "TRACEBRIDGE_ERRORS is `off`; with `none` pages send nothing at all. `otlp` goes on as JSON, so not where OTLP is spoken by grpc.",
  },
  {
    name: "TRACEBRIDGE_BROWSER_PROPAGATION_TARGETS",
    type: "patterns",
    default: "",
    defaultRule: "the page's own origin",
    description:
      "Whom requests of pages send trace headers and baggage to, as TRACEBRIDGE_PROPAGATION_TARGETS names them. `[]` is " +
      "nobody, and so is a malformed list.",
  },
] as const satisfies readonly Row[];
