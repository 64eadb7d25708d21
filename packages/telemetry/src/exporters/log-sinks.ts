import {
  BatchLogRecordProcessor,
  ConsoleLogRecordExporter,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import type { LogRecordProcessor, ReadableLogRecord, ReadWriteLogRecord } from "@opentelemetry/sdk-logs";
import type { Config } from "../config/index.ts";
import type { SinkStats } from "../telemetry.ts";
import { DeadlineExporter } from "./deadline-exporter.ts";
import { DeliveryCounter } from "./delivery-counter.ts";
import { createOtlpLogExporter, withinBatchTimeout } from "./otlp-exporters.ts";

/** A log processor at the end of the pipeline: it gets scrubbed records. */
export interface LogSink extends LogRecordProcessor {
  readonly name: string;
  stats(): SinkStats;
}

/** The sinks for OTLP and the console; Sentry's is the bridge. */
export function createLogSinks(
  config: Config["logs"],
  reportOnce: (key: string, message: string) => void,
): readonly LogSink[] {
  const sinks: LogSink[] = [];
  if (config.exporters.has("otlp")) {
    const counter = new DeliveryCounter();
    const exporter = createOtlpLogExporter(withinBatchTimeout(config), { counter, reportOnce });
    const processor = new BatchLogRecordProcessor({ exporter, ...config.batch });
    sinks.push(new ExportingLogSink("otlp", processor, exporter, counter));
  }
  if (config.exporters.has("console")) {
    const counter = new DeliveryCounter();
    const exporter = new DeadlineExporter<ReadableLogRecord>(new ConsoleLogRecordExporter(), {
      timeoutMillis: config.batch.exportTimeoutMillis,
      counter,
      abort: () => {},
      onFailure: (error) => reportOnce("console:logs", `Log records cannot be printed: ${error.message}`),
    });
    sinks.push(
      new ExportingLogSink("console", new SimpleLogRecordProcessor({ exporter }), exporter, counter),
    );
  }
  return sinks;
}

class ExportingLogSink implements LogSink {
  readonly name: string;
  readonly #processor: LogRecordProcessor;
  readonly #exporter: DeadlineExporter<ReadableLogRecord>;
  readonly #counter: DeliveryCounter;

  constructor(
    name: string,
    processor: LogRecordProcessor,
    exporter: DeadlineExporter<ReadableLogRecord>,
    counter: DeliveryCounter,
  ) {
    this.name = name;
    this.#processor = processor;
    this.#exporter = exporter;
    this.#counter = counter;
  }

  onEmit(record: ReadWriteLogRecord): void {
    this.#counter.accept();
    this.#processor.onEmit(record);
  }

  async forceFlush(): Promise<void> {
    await Promise.allSettled([this.#processor.forceFlush(), this.#exporter.forceFlush()]);
  }

  async shutdown(): Promise<void> {
    await Promise.allSettled([this.#processor.shutdown()]);
    // The processor does not wait for exports under way when one has failed.
    await this.#exporter.forceFlush();
  }

  stats(): SinkStats {
    return this.#counter.stats();
  }
}
