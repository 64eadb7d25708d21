import type {
  compressionNames,
  exporterNames,
  logLevelNames,
  protocolNames,
  samplerNames,
  trustNames,
} from "./choices.ts";

import type { Pattern } from "./parse.ts";

export type ExporterName = Exclude<(typeof exporterNames)[number], "none">;
export type OtlpProtocol = (typeof protocolNames)[number];
type LogLevel = (typeof logLevelNames)[number];
type SamplerName = (typeof samplerNames)[number];

/** How one signal is sent over OTLP. */
export interface OtlpConfig {
  /** The full address, path included; for grpc the base address. */
  readonly url: string;
  /** The variable to look at when the address does not answer. */
  readonly urlVariable: string;
  readonly protocol: OtlpProtocol;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMillis: number;
  readonly compression: (typeof compressionNames)[number];
}

export interface BatchConfig {
  readonly scheduledDelayMillis: number;
  readonly exportTimeoutMillis: number;
  readonly maxQueueSize: number;
  readonly maxExportBatchSize: number;
}

export interface LogLimitsConfig {
  readonly attributeValueLengthLimit: number;
  readonly attributeCountLimit: number;
}

export interface SpanLimitsConfig {
  readonly attributeValueLengthLimit: number;
  readonly attributeCountLimit: number;
  readonly eventCountLimit: number;
  readonly linkCountLimit: number;
  readonly attributePerEventCountLimit: number;
  readonly attributePerLinkCountLimit: number;
}

export interface SentryConfig {
  readonly dsn: string;
  readonly environment?: string;
  readonly release?: string;
  readonly tracesSampleRate: number;
  /** Whether captured errors are sent. */
  readonly errors: boolean;
  /** Whether the health of requests and of the process is sent, for crash-free rates. */
  readonly sessions: boolean;
  /** Segments whose name matches are not sent. */
  readonly ignoreTransactions: readonly Pattern[];
  /** Errors that match are noise. */
  readonly ignoreErrors: readonly Pattern[];
  /** The host, as errors name it. */
  readonly serverName?: string;
}

interface SignalConfig {
  readonly exporters: ReadonlySet<ExporterName>;
  readonly otlp: OtlpConfig;
  readonly batch: BatchConfig;
}

/** What pages in browsers are told, and where the service sends on what they send. */
export interface BrowserConfig {
  /** Where the service takes it, without a slash at its end. */
  readonly path: string;
  readonly serviceName: string;
  readonly environment?: string;
  readonly release?: string;
  /** Absent when Sentry gets nothing of pages. */
  readonly sentry?: {
    readonly dsn: string;
    readonly spans: boolean;
    readonly errors: boolean;
    readonly tracesSampleRate: number;
  };
  /** Absent when spans of pages do not go to OTLP. */
  readonly otlp?: OtlpConfig & { readonly sampleRate: number };
  readonly console: boolean;
  /** Absent: the page's own origin. */
  readonly propagationTargets?: readonly Pattern[];
  readonly businessKeys: readonly string[];
  readonly debug: boolean;
}

/** What the environment says, checked and complete. */
export interface Config {
  readonly disabled: boolean;
  readonly logLevel: LogLevel;
  readonly serviceName: string;
  /** Attributes of the resource that were configured, `service.name` included. */
  readonly resourceAttributes: Readonly<Record<string, string>>;
  readonly propagators: {
    readonly tracecontext: boolean;
    readonly baggage: boolean;
    readonly sentry: boolean;
  };
  /** Whom trace headers and baggage are sent to; absent when there is no list. */
  readonly propagationTargets?: readonly Pattern[];
  /** How much of the trace headers of HTTP requests is followed. */
  readonly trustInbound: (typeof trustNames)[number];
  readonly sampler: { readonly name: SamplerName; readonly ratio: number };
  /** The JSON of the sampling rules, or the path of a file that holds it. */
  readonly samplingRules?: string;
  readonly traces: SignalConfig & { readonly limits: SpanLimitsConfig };
  readonly logs: SignalConfig & { readonly limits: LogLimitsConfig };
  /** Absent without a usable `SENTRY_DSN`. */
  readonly sentry?: SentryConfig;
  readonly businessKeys: readonly string[];
  readonly browser: BrowserConfig;
}
