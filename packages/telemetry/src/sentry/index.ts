export { startSentry } from "./start-sentry.ts";
export type { SentryBridge, SentryEnvelope, SentryOptions, SentryProblem } from "./types.ts";
