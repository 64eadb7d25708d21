import { context, logs, propagation, trace } from "@opentelemetry/api";
import type { ContextManager, TextMapPropagator } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import type { Instrumentation } from "@opentelemetry/instrumentation";
import type { Resource } from "@opentelemetry/resources";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import type { Sampler, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { LogLimitsConfig, SpanLimitsConfig } from "../config/index.ts";

export interface SdkParts {
  readonly resource: Resource;
  /** Default: OpenTelemetry's own. */
  readonly contextManager?: ContextManager;
  readonly propagator: TextMapPropagator;
  readonly sampler: Sampler;
  readonly spanLimits: SpanLimitsConfig;
  readonly spanProcessor: SpanProcessor;
  readonly logLimits: LogLimitsConfig;
  readonly logProcessor: LogRecordProcessor;
  readonly instrumentations: Instrumentation[];
}

/** Ends what the SDK has begun. */
export interface RunningSdk {
  shutdown(): Promise<void>;
}

/**
 * Registers OpenTelemetry's SDK for spans and log records, of just these parts: docs/adr/0017. Not for applications with an SDK
 * of their own: what is imported here wants the newest API.
 */
export function startSdk(parts: SdkParts): RunningSdk {
  const { resource, contextManager = new AsyncLocalStorageContextManager() } = parts;
  // They find what is registered below when they first need it.
  registerInstrumentations({ instrumentations: parts.instrumentations });
  context.setGlobalContextManager(contextManager.enable());
  propagation.setGlobalPropagator(parts.propagator);
  const spans = new TracerProvider({
    resource,
    sampler: parts.sampler,
    spanLimits: parts.spanLimits,
    spanProcessors: [parts.spanProcessor],
  });
  trace.setGlobalTracerProvider(spans);
  const records = new LoggerProvider({
    resource,
    logRecordLimits: parts.logLimits,
    processors: [parts.logProcessor],
  });
  logs.setGlobalLoggerProvider(records);
  return {
    shutdown: async () => {
      await Promise.all([spans.shutdown(), records.shutdown()]);
    },
  };
}
