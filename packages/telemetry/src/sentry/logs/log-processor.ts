import { context, isSpanContextValid, trace } from "@opentelemetry/api";
import type { Context, SpanContext } from "@opentelemetry/api";
import type { LogRecordProcessor, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { BridgeClient } from "../client/bridge-client.ts";
import type { Ledger } from "../client/ledger.ts";
import { resolveScopes } from "../scopes/segment-scopes.ts";
import type { SentryOptions } from "../types.ts";
import type { LogBuffer } from "./log-buffer.ts";
import { createLogItem } from "./log-item.ts";

export interface LogProcessorParts {
  readonly client: BridgeClient;
  readonly ledger: Ledger;
  readonly buffer: LogBuffer;
  readonly options: SentryOptions;
  readonly forceFlush: () => Promise<void>;
  readonly shutdown: () => Promise<void>;
}

/** Turns OpenTelemetry's log records into Sentry's, with the ids of the span they were written in. */
export class SentryLogProcessor implements LogRecordProcessor {
  readonly #parts: LogProcessorParts;
  #isShutDown = false;

  constructor(parts: LogProcessorParts) {
    this.#parts = parts;
  }

  onEmit(record: ReadableLogRecord, emittedIn?: Context): void {
    const { client, ledger, buffer, options } = this.#parts;
    ledger.accept("log_item");
    if (this.#isShutDown) {
      ledger.drop("log_item", "shutdown");
      return;
    }
    try {
      const active = emittedIn ?? context.active();
      const spanContext = readSpanContext(record, active);
      const scopes = resolveScopes(active);
      const businessIds = options.readBusinessContext(active);
      const { serviceName } = options;
      buffer.add(createLogItem({ record, spanContext, scopes, serviceName, businessIds }, client));
    } catch (error) {
      client.recordDroppedEvent("internal_sdk_error", "log_item");
      const message = error instanceof Error ? error.message : String(error);
      options.onProblem({
        code: "sentry-log",
        message: `A log record could not be prepared for Sentry: ${message}`,
      });
    }
  }

  forceFlush(): Promise<void> {
    return this.#parts.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#parts.shutdown();
  }

  /** From now on records are only counted. */
  stop(): void {
    this.#isShutDown = true;
  }
}

function readSpanContext(record: ReadableLogRecord, active: Context): SpanContext | undefined {
  const spanContext = record.spanContext ?? trace.getSpanContext(active);
  return spanContext && isSpanContextValid(spanContext) ? spanContext : undefined;
}
