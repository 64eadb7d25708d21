import type { TargetPattern } from "./propagation/index.ts";
import type { SentryHooks } from "./sentry/index.ts";

/** What `startTelemetry` is given. Everything that can be a variable is one: see docs/configuration.md. */
export interface StartOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Functions and patterns for Sentry, as its own SDK takes them; without a DSN they are not used. */
  readonly sentry?: SentryHooks;
  /**
   * Whom HTTP requests send trace headers and baggage to: addresses that contain a text (begin with it, where it has a
   * scheme) or match a regular expression; credentials, query and fragment are not looked at. Empty: nobody. Wins over
   * `TRACEBRIDGE_PROPAGATION_TARGETS`.
   */
  readonly tracePropagationTargets?: readonly TargetPattern[];
  /** Which trace to continue when W3C's headers and Sentry's name two; the other becomes a link. Default `w3c`. */
  readonly preferOnConflict?: "w3c" | "sentry";
}
