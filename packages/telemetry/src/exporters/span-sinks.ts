import { TraceFlags } from "@opentelemetry/api";
import { BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace";
import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Config } from "../config/index.ts";
import type { SinkStats } from "../telemetry.ts";
import { DeadlineExporter } from "./deadline-exporter.ts";
import { DeliveryCounter } from "./delivery-counter.ts";
import { createOtlpSpanExporter, withinBatchTimeout } from "./otlp-exporters.ts";

/** A span processor at the end of the pipeline: it gets finished copies. */
export interface SpanSink extends SpanProcessor {
  readonly name: string;
  stats(): SinkStats;
}

/** The sinks for OTLP and the console; Sentry's is the bridge. */
export function createSpanSinks(
  config: Config["traces"],
  reportOnce: (key: string, message: string) => void,
): readonly SpanSink[] {
  const sinks: SpanSink[] = [];
  if (config.exporters.has("otlp")) {
    const counter = new DeliveryCounter();
    const exporter = createOtlpSpanExporter(withinBatchTimeout(config), { counter, reportOnce });
    const processor = new BatchSpanProcessor({ exporter, ...config.batch });
    sinks.push(new ExportingSpanSink("otlp", processor, exporter, counter));
  }
  if (config.exporters.has("console")) {
    const counter = new DeliveryCounter();
    const exporter = new DeadlineExporter<ReadableSpan>(new ConsoleSpanExporter(), {
      timeoutMillis: config.batch.exportTimeoutMillis,
      counter,
      abort: () => {},
      onFailure: (error) => reportOnce("console:spans", `Spans cannot be printed: ${error.message}`),
    });
    sinks.push(new ExportingSpanSink("console", new SimpleSpanProcessor({ exporter }), exporter, counter));
  }
  return sinks;
}

class ExportingSpanSink implements SpanSink {
  readonly name: string;
  readonly #processor: SpanProcessor;
  readonly #exporter: DeadlineExporter<ReadableSpan>;
  readonly #counter: DeliveryCounter;

  constructor(
    name: string,
    processor: SpanProcessor,
    exporter: DeadlineExporter<ReadableSpan>,
    counter: DeliveryCounter,
  ) {
    this.name = name;
    this.#processor = processor;
    this.#exporter = exporter;
    this.#counter = counter;
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    // Recorded for Sentry only: the sampler sets the flag for those that OTLP and the console get.
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
    this.#counter.accept();
    this.#processor.onEnd(span);
  }

  /** The batch processor forgets batches that its timer has sent already; the exporter knows them. */
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
