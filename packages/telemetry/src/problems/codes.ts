/** What telemetry can have to say about itself. Each has a section in docs/errors.md, with its causes and fixes. */
export const problemCodes = [
  "variable",
  "started-twice",
  "start-failed",
  "late-start",
  "two-copies",
  "set-up",
  "otlp",
  "console",
  "sentry-unreachable",
  "sentry-recovered",
  "sentry-dsn-invalid",
  "sentry-replaced",
  "sentry-span",
  "sentry-log",
  "sentry-span-function",
  "propagation-targets",
  "browser-host",
  "business-context",
  "user-id",
  "capture",
  "processing",
  "losses",
  "opentelemetry",
] as const;

type ProblemCode = (typeof problemCodes)[number];

/** A code, with what tells apart the problems that share it. */
export type ProblemKey = ProblemCode | `${ProblemCode}:${string}`;
