import { ExportResultCode } from "@opentelemetry/core";
import type { ExportResult } from "@opentelemetry/core";
import { describeError } from "../http/describe-error.ts";
import type { DeliveryCounter } from "./delivery-counter.ts";

export interface ExportOutcome extends ExportResult {
  /** How many items the back end refused although it took the others. */
  readonly rejected?: number;
  /** What the items of a failure are counted under, `send_error` when nothing is said. */
  readonly reason?: string;
}

/** What exporters of spans and of log records have in common. */
export interface Exporter<Item> {
  /** `signal` says that time is up: only what is told at once is heard. */
  export(items: Item[], done: (outcome: ExportOutcome) => void, signal?: AbortSignal): void;
  forceFlush?(): Promise<void>;
  /** The process ends: what fails from now on is tried once more at most. */
  hurry?(): void;
  shutdown(): Promise<void>;
}

export interface DeadlineOptions {
  readonly timeoutMillis: number;
  readonly counter: DeliveryCounter;
  readonly onFailure: (error: Error) => void;
}

/** The failure of one export; it was reported already when others see it. */
export class ExportFailure extends Error {
  override readonly name = "ExportFailure";
}

/**
 * A flush hands over all batches at once, and the exporters of OpenTelemetry drop what is beyond 30 at a time. The others
 * wait here; their number is bounded by the queue of the batch processor.
 */
const MAX_CONCURRENT_EXPORTS = 8;

/**
 * Gives every export a hard deadline. The HTTP exporters of OpenTelemetry time out on a silent socket only: a server
 * that sends one byte a second would hold them, and the shutdown with them, for ever.
 */
export class DeadlineExporter<Item> implements Exporter<Item> {
  readonly #inner: Exporter<Item>;
  readonly #options: DeadlineOptions;
  readonly #pending = new Set<Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  readonly #running = new Set<() => void>();
  #isClosed = false;
  #active = 0;

  constructor(inner: Exporter<Item>, options: DeadlineOptions) {
    this.#inner = inner;
    this.#options = options;
  }

  export(items: Item[], done: (result: ExportResult) => void): void {
    this.#options.counter.export(items.length);
    const pending = this.#exportInTurn(items, done);
    this.#pending.add(pending);
    void pending.finally(() => this.#pending.delete(pending));
  }

  hurry(): void {
    this.#inner.hurry?.();
  }

  /** Waits for exports under way; each ends by its own deadline. */
  async forceFlush(): Promise<void> {
    await Promise.allSettled(this.#pending);
  }

  async shutdown(): Promise<void> {
    await this.forceFlush();
    await this.#inner.shutdown();
  }

  /** Gives up on all that is under way or waits; counted as dropped by the shutdown. Nothing of it lives on. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const giveUp of this.#running) giveUp();
    await this.forceFlush();
  }

  async #exportInTurn(items: Item[], done: (result: ExportResult) => void): Promise<void> {
    if (this.#active >= MAX_CONCURRENT_EXPORTS) {
      // The one that ends passes its place on.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#active += 1;
    }
    await this.#exportInTime(items, done);
    const next = this.#waiting.shift();
    if (next) next();
    else this.#active -= 1;
  }

  #exportInTime(items: Item[], done: (result: ExportResult) => void): Promise<void> {
    const { counter, timeoutMillis, onFailure } = this.#options;
    const controller = new AbortController();
    return new Promise((resolve) => {
      let isSettled = false;
      const settle = (result: ExportOutcome, reason: string): void => {
        if (isSettled) return;
        isSettled = true;
        clearTimeout(timer);
        this.#running.delete(onClose);
        resolve();
        if (result.code === ExportResultCode.SUCCESS) {
          const rejected = Math.min(result.rejected ?? 0, items.length);
          counter.deliver(items.length - rejected);
          if (rejected > 0) counter.fail("rejected", rejected);
          done(result);
          return;
        }
        counter.fail(reason, items.length);
        const failure = new ExportFailure(describeError(result.error));
        if (reason !== "shutdown") onFailure(failure);
        done({ code: ExportResultCode.FAILED, error: failure });
      };
      const giveUp = (reason: string, message: string): void => {
        settle({ code: ExportResultCode.FAILED, error: new Error(message) }, reason);
        controller.abort();
      };
      const onClose = (): void => giveUp("shutdown", "telemetry was shut down");
      const end = (): void => {
        if (isSettled) return;
        // Whoever made several attempts can say now why they failed, which tells more than that time is up.
        controller.abort();
        setImmediate(() => giveUp("timeout", `no answer within ${timeoutMillis} ms`));
      };
      // What has come while this process was busy is read first.
      const timer = setTimeout(() => setImmediate(end), timeoutMillis);
      this.#running.add(onClose);
      if (this.#isClosed) return onClose();
      try {
        this.#inner.export(
          items,
          (result) => settle(result, result.reason ?? "send_error"),
          controller.signal,
        );
      } catch (error) {
        settle({ code: ExportResultCode.FAILED, error: error as Error }, "send_error");
      }
    });
  }
}
