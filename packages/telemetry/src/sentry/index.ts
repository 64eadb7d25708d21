export { startSentry } from "./start-sentry.ts";
export type {
  CapturedErrorOptions,
  SentryBreadcrumb,
  SentryBridge,
  SentryEnvelope,
  SentryLevel,
  SentryOptions,
  SentryProblem,
  SentrySinkStats,
  SentryStats,
} from "./types.ts";
