import type { Context } from "@opentelemetry/api";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import type { BrowserOptions } from "@sentry/browser";
import type { Breadcrumb, CaptureErrorOptions } from "../errors/index.ts";
import type { Reporter } from "../problems/index.ts";
import type { DscSource } from "../propagation/index.ts";
import type { SampledSpan } from "../sampling/index.ts";
import type { SentryStats } from "../telemetry.ts";

/** Sentry's part of the pipeline of a page. None of its methods throws or rejects. */
export interface BrowserSentry {
  /** Behind the door: `onStart` gets the live span, `onEnd` the copy that was scrubbed. */
  readonly spanProcessor: SpanProcessor;
  readonly dscSource: DscSource;
  /** For the sampler: whether Sentry is to have nothing of the segment that `span` begins. */
  ignoresSegment(span: SampledSpan): boolean;
  /** Sends an error as an issue and returns its id; `undefined` when the same error was sent before. */
  captureError(error: unknown, options?: CaptureErrorOptions): string | undefined;
  /** Goes with later errors of the page. */
  addBreadcrumb(crumb: Breadcrumb): void;
  setUser(user: { readonly id: string } | undefined): void;
  stats(): SentryStats;
  /** `isLast`: the page is being hidden; everything is handed over before the call returns, and nothing is waited for. */
  flush(options: FlushOptions): Promise<void>;
  shutdown(timeoutMillis: number): Promise<void>;
}

export interface FlushOptions {
  readonly timeoutMillis: number;
  readonly isLast: boolean;
}

/** Options of Sentry's own SDK that are functions or patterns; they mean what they mean there. */
export type BrowserSentryHooks = Pick<
  BrowserOptions,
  "beforeSend" | "beforeSendSpan" | "beforeBreadcrumb" | "ignoreErrors" | "ignoreSpans"
>;

/** What Sentry's part is given of the rest of the pipeline. */
export interface BrowserSentrySurroundings {
  readonly hooks?: BrowserSentryHooks;
  readonly businessKeys: ReadonlySet<string>;
  readonly readBusinessContext: (context: Context) => Readonly<Record<string, string>>;
  readonly reportOnce: Reporter["once"];
  /** The only way out: untraced, with a deadline, and bounded together with OTLP while the page is being hidden. */
  readonly post: BrowserPost;
  /** The trace of the page view that is shown: what is active where nothing else is. */
  readonly getPageContext: () => Context;
}

/** Sends a body to a path of the page's own origin. Rejects when there is no answer, or none before the deadline. */
export type BrowserPost = (request: PostRequest) => Promise<PostAnswer>;

export interface PostRequest {
  readonly path: string;
  readonly contentType: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly timeoutMillis: number;
  /**
   * Whether the page is being hidden: the request then outlives it, as far as the browser lets requests do so: 60 KB of
   * all bodies under way, so write bodies below that. Sent before the call returns.
   */
  readonly isLast: boolean;
}

/** As that of the Node pipeline, so that both read rate limits with the same code. */
export interface PostAnswer {
  readonly statusCode: number;
  /** As much of it as has come, up to 64 KiB. */
  readonly text: string;
  readonly headers: { readonly "x-sentry-rate-limits": string | null; readonly "retry-after": string | null };
}
