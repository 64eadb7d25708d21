import type { PostResponse } from "../../http/exchange.ts";
import type { ItemCount } from "./envelope-items.ts";
import type { QueueLimits } from "./limits.ts";

/** A written envelope on its way. */
export interface Job {
  readonly items: readonly ItemCount[];
  /** When it was written, on the clock of `performance.now()`. */
  readonly since: number;
  /** Told the end, where somebody waits for it. */
  readonly settle: ((response: Partial<PostResponse>) => void) | undefined;
  body: Uint8Array;
  isCompressed: boolean;
  /** Attempts that failed while Sentry counted as up. */
  failures: number;
  /** Whether its last attempt met a connection that the server had given up. */
  wasStale: boolean;
}

/**
 * Envelopes that wait and envelopes under way, bounded together in number and bytes. One that comes back for another
 * attempt goes to the end: an envelope that breaks whatever takes it must not hold up the others.
 */
export class EnvelopeQueue {
  readonly #limits: Pick<QueueLimits, "maxEnvelopes" | "maxBytes">;
  readonly #waiting = new Set<Job>();
  /** Stands behind what was taken: from the start it would step over the gaps of all of that, each time. */
  #next = this.#waiting.values();
  readonly #active = new Set<Job>();
  #bytes = 0;

  constructor(limits: Pick<QueueLimits, "maxEnvelopes" | "maxBytes">) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#waiting.size + this.#active.size;
  }

  get activeCount(): number {
    return this.#active.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Adds nothing and returns false when it does not fit. */
  add(job: Job): boolean {
    const { maxEnvelopes, maxBytes } = this.#limits;
    if (this.size >= maxEnvelopes || this.#bytes + job.body.length > maxBytes) return false;
    this.#waiting.add(job);
    this.#bytes += job.body.length;
    return true;
  }

  /** The next one is under way from now on. */
  take(): Job | undefined {
    const { value: job } = this.#next.next();
    if (!job) {
      // An iterator that has come to the end stays there.
      this.#next = this.#waiting.values();
      return this.#waiting.size > 0 ? this.take() : undefined;
    }
    this.#waiting.delete(job);
    this.#active.add(job);
    return job;
  }

  isActive(job: Job): boolean {
    return this.#active.has(job);
  }

  /** Compressed once, an envelope stays so for later attempts. */
  compress(job: Job, body: Uint8Array): void {
    if (!this.#active.has(job)) return;
    this.#bytes += body.length - job.body.length;
    job.body = body;
    job.isCompressed = true;
  }

  putBack(job: Job): void {
    this.#active.delete(job);
    this.#waiting.add(job);
  }

  remove(job: Job): void {
    if (this.#active.delete(job) || this.#waiting.delete(job)) this.#bytes -= job.body.length;
  }

  readWaiting(): readonly Job[] {
    return [...this.#waiting];
  }

  readActive(): readonly Job[] {
    return [...this.#active];
  }
}
