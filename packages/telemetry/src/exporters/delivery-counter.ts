import type { SinkStats } from "../telemetry.ts";

/** Counts what one sink accepted, delivered and dropped; what is none of the three is still on its way. */
export class DeliveryCounter {
  #accepted = 0;
  #exporting = 0;
  #delivered = 0;
  #lost = 0;
  #isClosed = false;
  readonly #dropped: Record<string, number> = {};

  accept(): void {
    this.#accepted += 1;
  }

  /** Items that left the queue and are being sent. */
  export(count: number): void {
    if (!this.#isClosed) this.#exporting += count;
  }

  /** The end of items that were being sent. */
  deliver(count: number): void {
    if (this.#isClosed) return;
    this.#exporting -= count;
    this.#delivered += count;
  }

  /** The end of items that were being sent, too. */
  fail(reason: string, count: number): void {
    if (this.#isClosed) return;
    this.#exporting -= count;
    this.drop(reason, count);
  }

  /** Items that go back from being sent to the queue. */
  requeue(count: number): void {
    if (!this.#isClosed) this.#exporting -= count;
  }

  /** Items that never reached the queue. */
  drop(reason: string, count: number): void {
    if (count === 0) return;
    this.#lost += count;
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + count;
  }

  /** Items in the queue. */
  get queued(): number {
    return this.#accepted - this.#exporting - this.#delivered - this.#lost;
  }

  /** Items that are being sent. */
  get exporting(): number {
    return this.#exporting;
  }

  /** What is still in the queue will not be sent any more. */
  close(): void {
    if (this.#isClosed) return;
    if (this.queued > 0) this.drop("shutdown", this.queued);
    this.#isClosed = true;
  }

  stats(): SinkStats {
    return { accepted: this.#accepted, delivered: this.#delivered, dropped: { ...this.#dropped } };
  }
}
