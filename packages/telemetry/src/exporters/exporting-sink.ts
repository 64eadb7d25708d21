import type { SinkStats } from "../telemetry.ts";
import type { DeadlineExporter } from "./deadline-exporter.ts";
import type { DeliveryCounter } from "./delivery-counter.ts";

interface Processor {
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

export interface ExportingSinkParts<P extends Processor, Item> {
  readonly name: string;
  readonly processor: P;
  readonly exporter: DeadlineExporter<Item>;
  readonly counter: DeliveryCounter;
}

/** The end of the pipeline for one signal and one back end; subclasses say how an item comes in. */
export abstract class ExportingSink<P extends Processor, Item> {
  readonly name: string;
  protected readonly processor: P;
  protected readonly counter: DeliveryCounter;
  readonly #exporter: DeadlineExporter<Item>;

  constructor({ name, processor, exporter, counter }: ExportingSinkParts<P, Item>) {
    this.name = name;
    this.processor = processor;
    this.counter = counter;
    this.#exporter = exporter;
  }

  /** The batch processor forgets batches that its timer has sent already; the exporter knows them. */
  async forceFlush(): Promise<void> {
    await Promise.allSettled([this.processor.forceFlush(), this.#exporter.forceFlush()]);
  }

  async shutdown(): Promise<void> {
    await Promise.allSettled([this.processor.shutdown()]);
    // The processor does not wait for exports under way when one has failed.
    await this.#exporter.forceFlush();
  }

  /** Gives up on what is still under way. */
  close(): Promise<void> {
    return this.#exporter.close();
  }

  stats(): SinkStats {
    return this.counter.stats();
  }
}
