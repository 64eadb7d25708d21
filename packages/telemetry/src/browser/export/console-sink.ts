import { TraceFlags } from "@opentelemetry/api";
import { ConsoleSpanExporter } from "@opentelemetry/sdk-trace";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { DeliveryCounter } from "../../exporters/delivery-counter.ts";
import type { SinkStats } from "../../telemetry.ts";
import type { BrowserSink } from "./sink.ts";

/** Prints every span to the browser's console when it ends. */
export class ConsoleSink implements BrowserSink {
  readonly name = "console";
  readonly #counter = new DeliveryCounter();
  readonly #exporter = new ConsoleSpanExporter();

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    this.#counter.accept();
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) {
      this.#counter.drop("sample_rate", 1);
      return;
    }
    this.#counter.export(1);
    this.#exporter.export([span], () => this.#counter.deliver(1));
  }

  async flush(): Promise<void> {}

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}

  close(): void {
    this.#counter.close();
  }

  stats(): SinkStats {
    return this.#counter.stats();
  }
}
