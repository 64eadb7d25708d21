import type { TargetPattern } from "../propagation/index.ts";
import type { PageConfig } from "./page-config.ts";
import type { BrowserSentryHooks } from "./types.ts";

export interface BrowserTelemetryOptions {
  /**
   * To whom trace headers are sent; wins over the server's list. A text beginning with `/` is a path of the page's own
   * origin, one with a scheme the begin of an address, any other a part of it. Empty: to nobody.
   */
  readonly tracePropagationTargets?: readonly TargetPattern[];
  /** Functions and patterns of Sentry's own SDK; they mean what they mean there. */
  readonly hooks?: BrowserSentryHooks;
  /** Instead of the element that the server puts into the page. */
  readonly config?: PageConfig;
}
