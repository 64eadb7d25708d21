import type { Context, ContextManager } from "@opentelemetry/api";
import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import type { ClientOptions } from "@sentry/core";
import type { DscSource } from "../propagation/index.ts";
import type { SampledSpan } from "../sampling/index.ts";
import type { ProblemKey } from "../problems/index.ts";
import type { SentryStats } from "../telemetry.ts";

/** Sentry's envelope in memory: its header, and items of a header and a payload each. */
export type SentryEnvelope = [
  header: Record<string, unknown>,
  items: [header: Record<string, unknown>, payload: unknown][],
];

type SentryLevel = "fatal" | "error" | "warning" | "info" | "debug";

export interface SentryProblem {
  readonly code: ProblemKey;
  readonly message: string;
}

/**
 * Options of Sentry's own SDK that are functions or patterns, and so cannot be variables, and those that say whose
 * traces are continued; they mean what they mean there.
 */
export type SentryHooks = Pick<
  ClientOptions,
  | "beforeSend"
  | "beforeSendSpan"
  | "beforeSendLog"
  | "beforeBreadcrumb"
  | "ignoreErrors"
  | "ignoreSpans"
  | "orgId"
  | "strictTraceContinuation"
>;

export interface SentryOptions {
  readonly hooks?: SentryHooks;
  readonly dsn: string;
  readonly environment?: string;
  readonly release?: string;
  readonly serverName?: string;
  readonly serviceName: string;
  /** Whether spans are sent; when false they are only watched for the exceptions they record. Default true. */
  readonly spans?: boolean;
  /** 0 to 1; the sampler decides by it, the bridge only reports it. */
  readonly tracesSampleRate: number;
  readonly debug?: boolean;
  /** On every error. */
  readonly tags?: Readonly<Record<string, string>>;
  /** On every span and log, as `service.name` is. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Errors whose text contains or matches one of these are not sent. */
  readonly ignoreErrors?: readonly (string | RegExp)[];
  /** Segments whose name contains or matches one of these are not sent, with all below them. */
  readonly ignoreTransactions?: readonly (string | RegExp)[];
  /** Whether request and process sessions are sent; default false. */
  readonly sessions?: boolean;
  /** The last door: sees every envelope after all hooks, just before it is written. Must not throw. */
  readonly scrubEnvelope?: (envelope: SentryEnvelope) => SentryEnvelope;
  /** Scrubs the name of a segment, which headers to other services carry. Must not throw. */
  readonly scrubText?: (text: string) => string;
  /** Scrubs what is added to a span after it was scrubbed. Must not throw. */
  readonly scrubAttribute?: (key: string, value: unknown) => unknown;
  readonly readBusinessContext: (context: Context) => Readonly<Record<string, string>>;
  /** The keys the business context may hold; they are read from the span where its context is gone. */
  readonly businessKeys?: Iterable<string>;
  /** Whether errors are sent at all, uncaught ones included; default true. */
  readonly errors?: boolean;
  /** Whether `recordException` on a span becomes an issue; default true. */
  readonly recordedExceptions?: boolean;
  /** Called when the process is about to end with an uncaught exception; default: the bridge's own shutdown. */
  readonly shutdownOnFatal?: () => Promise<void>;
  readonly onProblem: (problem: SentryProblem) => void;
}

export interface CapturedErrorOptions {
  readonly tags?: Readonly<Record<string, string>>;
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Named groups of facts. */
  readonly contexts?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly level?: SentryLevel;
  /** Groups the issue by these texts; `{{ default }}` stands for what Sentry would group by. */
  readonly fingerprint?: readonly string[];
  /** Default true; `false` counts the session of the request as crashed. */
  readonly handled?: boolean;
}

interface SentryBreadcrumb {
  readonly message: string;
  readonly category?: string;
  readonly level?: SentryLevel;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface SentryBridge {
  readonly contextManager: ContextManager;
  /** `onStart` wants the live span, `onEnd` the copy that passed the scrubbing door. */
  readonly spanProcessor: SpanProcessor;
  readonly logProcessor: LogRecordProcessor;
  readonly dscSource: DscSource;
  /** Otherwise spans are only watched for the exceptions they record. */
  readonly sendsSpans: boolean;
  /** For the sampler: whether Sentry is to have nothing of the segment that `span` begins. Never throws. */
  ignoresSegment(span: SampledSpan): boolean;
  /** Sends an error as an issue and returns its id; `undefined` when the same error was sent before. */
  captureError(error: unknown, options?: CapturedErrorOptions): string | undefined;
  /** Sends a message as an issue; the default level is `info`. */
  captureMessage(message: string, options?: CapturedErrorOptions): void;
  /** Goes with later errors of the current request or message. */
  addBreadcrumb(crumb: SentryBreadcrumb): void;
  stats(): SentryStats;
  /** Resolves when everything was sent or after `timeoutMillis`; never rejects. */
  forceFlush(timeoutMillis: number): Promise<void>;
  /** Sends what waits and stops; what is left after `timeoutMillis` is counted as dropped. Never rejects. */
  shutdown(timeoutMillis: number): Promise<void>;
}
