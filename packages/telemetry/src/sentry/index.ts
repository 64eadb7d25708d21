export { askSentry } from "./ask-sentry.ts";
export { startSentry } from "./start-sentry.ts";
export type { SentryBridge, SentryEnvelope, SentryHooks, SentryOptions, SentryProblem } from "./types.ts";
