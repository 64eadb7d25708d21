import type { SentryHooks } from "./sentry/index.ts";

/** What `startTelemetry` is given. Everything that can be a variable is one: see docs/configuration.md. */
export interface StartOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Functions and patterns for Sentry, as its own SDK takes them; without a DSN they are not used. */
  readonly sentry?: SentryHooks;
}
