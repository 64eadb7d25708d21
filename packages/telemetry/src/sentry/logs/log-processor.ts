import { context, isSpanContextValid, trace } from "@opentelemetry/api";
import type { Context, SpanContext } from "@opentelemetry/api";
import type { LogRecordProcessor, ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { Log } from "@sentry/core";
import { hasIssueMark } from "../../logs/index.ts";
import type { DscSource } from "../../propagation/index.ts";
import type { BridgeClient } from "../client/bridge-client.ts";
import type { Ledger } from "../client/ledger.ts";
import { StoppableProcessor } from "../client/stoppable-processor.ts";
import type { Endings } from "../client/stoppable-processor.ts";
import { resolveScopes } from "../scopes/segment-scopes.ts";
import type { SentryOptions } from "../types.ts";
import type { LogBuffer } from "./log-buffer.ts";
import { createLog, createLogItem } from "./log-item.ts";

export interface LogProcessorParts extends Endings {
  readonly client: BridgeClient;
  readonly ledger: Ledger;
  readonly buffer: LogBuffer;
  readonly dsc: DscSource;
  readonly options: SentryOptions;
}

/** Turns OpenTelemetry's log records into Sentry's, with the ids of the span they were written in. */
export class SentryLogProcessor extends StoppableProcessor implements LogRecordProcessor {
  readonly #parts: LogProcessorParts;
  #isInHook = false;

  constructor(parts: LogProcessorParts) {
    super(parts);
    this.#parts = parts;
  }

  onEmit(record: ReadableLogRecord, emittedIn?: Context): void {
    const { client, ledger, buffer, dsc, options } = this.#parts;
    const active = emittedIn ?? context.active();
    if (hasIssueMark(active)) return;
    ledger.accept("log_item");
    if (this.isStopped) {
      ledger.drop("log_item", "shutdown");
      return;
    }
    try {
      const spanContext = readSpanContext(record, active, dsc);
      const scopes = resolveScopes(active);
      const businessIds = options.readBusinessContext(active);
      const { serviceName, attributes: serviceAttributes } = options;
      const parts = { record, spanContext, scopes, serviceName, serviceAttributes, businessIds };
      const log = this.#runHook(createLog(parts, client));
      if (log) buffer.add(createLogItem(log, parts));
      else client.countLoss("before_send", "log_item");
    } catch (error) {
      client.countLoss("internal_sdk_error", "log_item");
      const message = error instanceof Error ? error.message : String(error);
      options.onProblem({
        code: "sentry-log",
        message: `A log record could not be prepared for Sentry: ${message}`,
      });
    }
  }

  /** What the hook itself writes to the log does not call it again. */
  #runHook(log: Log): Log | null {
    const { beforeSendLog } = this.#parts.client.getOptions();
    if (!beforeSendLog || this.#isInHook) return log;
    this.#isInHook = true;
    try {
      return beforeSendLog(log);
    } finally {
      this.#isInHook = false;
    }
  }
}

/** The nearest span that Sentry has. */
function readSpanContext(
  record: ReadableLogRecord,
  active: Context,
  dsc: DscSource,
): SpanContext | undefined {
  const found = record.spanContext ?? trace.getSpanContext(active);
  if (!found || !isSpanContextValid(found)) return undefined;
  return { ...found, spanId: dsc.readSpanId?.(found) ?? found.spanId };
}
