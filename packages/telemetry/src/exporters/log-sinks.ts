import {
  BatchLogRecordProcessor,
  ConsoleLogRecordExporter,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import type { LogRecordProcessor, ReadableLogRecord, ReadWriteLogRecord } from "@opentelemetry/sdk-logs";
import type { Config } from "../config/index.ts";
import { DeadlineExporter } from "./deadline-exporter.ts";
import { DeliveryCounter } from "./delivery-counter.ts";
import { ExportingSink } from "./exporting-sink.ts";
import { createOtlpLogExporter, withinBatchTimeout } from "./otlp-exporters.ts";
import type { Reporter } from "../problems/index.ts";

/** The sinks for OTLP and the console; Sentry's is the bridge. */
export function createLogSinks(config: Config["logs"], reportOnce: Reporter["once"]): readonly LogSink[] {
  const sinks: LogSink[] = [];
  if (config.exporters.has("otlp")) {
    const counter = new DeliveryCounter();
    const exporter = createOtlpLogExporter(withinBatchTimeout(config), { counter, reportOnce });
    const processor = new BatchLogRecordProcessor({ exporter, ...config.batch });
    const { maxQueueSize } = config.batch;
    sinks.push(new LogSink({ name: "otlp", processor, exporter, counter, maxQueueSize }));
  }
  if (config.exporters.has("console")) {
    const counter = new DeliveryCounter();
    const exporter = new DeadlineExporter<ReadableLogRecord>(new ConsoleLogRecordExporter(), {
      timeoutMillis: config.batch.exportTimeoutMillis,
      counter,
      onFailure: (error) => reportOnce("console:logs", `Log records cannot be printed: ${error.message}`),
    });
    const processor = new SimpleLogRecordProcessor({ exporter });
    sinks.push(new LogSink({ name: "console", processor, exporter, counter, maxQueueSize: Infinity }));
  }
  return sinks;
}

class LogSink extends ExportingSink<LogRecordProcessor, ReadableLogRecord> implements LogRecordProcessor {
  onEmit(record: ReadWriteLogRecord): void {
    if (this.admit()) this.processor.onEmit(record);
  }
}
