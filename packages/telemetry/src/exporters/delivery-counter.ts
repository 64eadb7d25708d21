import type { SinkStats } from "../telemetry.ts";

/** Counts what one sink accepted, delivered and dropped. */
export class DeliveryCounter {
  #accepted = 0;
  #delivered = 0;
  readonly #dropped: Record<string, number> = {};

  accept(): void {
    this.#accepted += 1;
  }

  deliver(count: number): void {
    this.#delivered += count;
  }

  drop(reason: string, count: number): void {
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + count;
  }

  stats(): SinkStats {
    return { accepted: this.#accepted, delivered: this.#delivered, dropped: { ...this.#dropped } };
  }
}
