import type { IncrementResponse, Store } from "express-rate-limit";
import type { Clock } from "../clock.ts";

/** About 2 MB; whoever comes when it is full takes the place of the one that was first. */
const maxKeys = 10_000;

/** Counts by key, each from its first hit until its window is over. In memory, of this process alone, and bounded. */
export class RecentCounts implements Store {
  /** For express-rate-limit: nobody else counts in here. */
  readonly localKeys = true;
  readonly #windowMillis: number;
  readonly #now: Clock;
  readonly #maxKeys: number;
  /** In the order of their windows' ends. */
  readonly #counts = new Map<string, { totalHits: number; resetTime: Date }>();

  constructor(options: { windowMillis: number; now: Clock; maxKeys?: number }) {
    this.#windowMillis = options.windowMillis;
    this.#now = options.now;
    this.#maxKeys = options.maxKeys ?? maxKeys;
  }

  increment(key: string): IncrementResponse {
    const now = this.#now();
    const known = this.#counts.get(key);
    if (known && known.resetTime.getTime() > now) {
      known.totalHits += 1;
      return known;
    }
    this.#counts.delete(key);
    this.#makeRoom(now);
    const first = { totalHits: 1, resetTime: new Date(now + this.#windowMillis) };
    this.#counts.set(key, first);
    return first;
  }

  decrement(key: string): void {
    const known = this.#counts.get(key);
    if (known) known.totalHits -= 1;
  }

  resetKey(key: string): void {
    this.#counts.delete(key);
  }

  #makeRoom(now: number): void {
    for (const [key, { resetTime }] of this.#counts) {
      if (resetTime.getTime() > now && this.#counts.size < this.#maxKeys) return;
      this.#counts.delete(key);
    }
  }
}
