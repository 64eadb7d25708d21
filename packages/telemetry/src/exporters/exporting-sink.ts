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
  /** Most items that wait. */
  readonly maxQueueSize: number;
}

/** The end of the pipeline for one signal and one back end; subclasses say how an item comes in. */
export abstract class ExportingSink<P extends Processor, Item> {
  readonly name: string;
  protected readonly processor: P;
  protected readonly counter: DeliveryCounter;
  readonly #maxQueueSize: number;
  #isEnded = false;
  readonly #exporter: DeadlineExporter<Item>;

  constructor({ name, processor, exporter, counter, maxQueueSize }: ExportingSinkParts<P, Item>) {
    this.name = name;
    this.#maxQueueSize = maxQueueSize;
    this.processor = processor;
    this.counter = counter;
    this.#exporter = exporter;
  }

  /**
   * Counts an item and says whether it may go into the queue. A batch processor drops what its queue cannot hold, and what
   * comes after its shutdown, without a word.
   */
  protected admit(): boolean {
    this.counter.accept();
    const reason = this.#isEnded ? "shutdown" : "queue_overflow";
    if (!this.#isEnded && this.counter.queued <= this.#maxQueueSize) return true;
    this.counter.drop(reason, 1);
    return false;
  }

  /** The batch processor forgets batches that its timer has sent already; the exporter knows them. */
  async forceFlush(): Promise<void> {
    await Promise.allSettled([this.processor.forceFlush(), this.#exporter.forceFlush()]);
  }

  async shutdown(): Promise<void> {
    this.#isEnded = true;
    this.#exporter.hurry();
    await Promise.allSettled([this.processor.shutdown()]);
    // The processor does not wait for exports under way when one has failed.
    await this.#exporter.forceFlush();
  }

  /** Gives up on what is still under way. */
  async close(): Promise<void> {
    this.#isEnded = true;
    await this.#exporter.close();
    this.counter.close();
  }

  stats(): SinkStats {
    return this.counter.stats();
  }
}
