import { TraceFlags } from "@opentelemetry/api";
import { BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace";
import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { Config } from "../config/index.ts";
import { DeadlineExporter } from "./deadline-exporter.ts";
import { DeliveryCounter } from "./delivery-counter.ts";
import { ExportingSink } from "./exporting-sink.ts";
import { createOtlpSpanExporter, withinBatchTimeout } from "./otlp-exporters.ts";
import type { Reporter } from "../problems/index.ts";
import { createWaitingSpan } from "../trace-state/index.ts";

/** The sinks for OTLP and the console; Sentry's is the bridge. */
export function createSpanSinks(config: Config["traces"], reportOnce: Reporter["once"]): readonly SpanSink[] {
  const sinks: SpanSink[] = [];
  if (config.exporters.has("otlp")) {
    const counter = new DeliveryCounter();
    const exporter = createOtlpSpanExporter(withinBatchTimeout(config), { counter, reportOnce });
    const processor = new BatchSpanProcessor({ exporter, ...config.batch });
    const { maxQueueSize } = config.batch;
    sinks.push(new SpanSink({ name: "otlp", processor, exporter, counter, maxQueueSize }));
  }
  if (config.exporters.has("console")) {
    const counter = new DeliveryCounter();
    const exporter = new DeadlineExporter<ReadableSpan>(new ConsoleSpanExporter(), {
      timeoutMillis: config.batch.exportTimeoutMillis,
      counter,
      onFailure: (error) => reportOnce("console:spans", `Spans cannot be printed: ${error.message}`),
    });
    const processor = new SimpleSpanProcessor({ exporter });
    sinks.push(new SpanSink({ name: "console", processor, exporter, counter, maxQueueSize: Infinity }));
  }
  return sinks;
}

class SpanSink extends ExportingSink<SpanProcessor, ReadableSpan> implements SpanProcessor {
  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    // Recorded for Sentry only: the sampler sets the flag for those that OTLP and the console get.
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) {
      this.counter.accept();
      this.counter.drop("sample_rate", 1);
    } else if (this.admit()) {
      this.processor.onEnd(createWaitingSpan(span));
    }
  }
}
