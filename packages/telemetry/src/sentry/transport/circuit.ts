import { BackOff } from "../../http/back-off.ts";
import type { BackOffOptions } from "../../http/back-off.ts";
import type { Failure } from "./failure.ts";

/**
 * Whether the server takes requests. After a failure everything waits for a pause; then a single request asks, and its
 * success lets all others go. So an outage costs one request a pause, however much waits.
 */
export class Circuit {
  readonly #backOff: BackOff;
  readonly #maxPauseMillis: number;
  readonly #onPauseOver: () => void;
  #pause: NodeJS.Timeout | undefined;
  #failure: Failure | undefined;

  constructor(backOff: BackOffOptions, maxPauseMillis: number, onPauseOver: () => void) {
    this.#backOff = new BackOff(backOff);
    this.#maxPauseMillis = maxPauseMillis;
    this.#onPauseOver = onPauseOver;
  }

  /** Why the server counts as down; `undefined` while it is up. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  get isPausing(): boolean {
    return this.#pause !== undefined;
  }

  /** Starts a pause: the one the server asks for, or one longer than before. */
  fail(failure: Failure): void {
    this.close();
    this.#failure = failure;
    const millis = Math.min(failure.retryAfterMillis ?? this.#backOff.next(), this.#maxPauseMillis);
    // A process that has nothing else to do ends, and flushes at its end.
    this.#pause = setTimeout(() => this.endPause(), millis).unref();
  }

  succeed(): void {
    this.close();
    this.#failure = undefined;
    this.#backOff.reset();
  }

  endPause(): void {
    this.close();
    this.#onPauseOver();
  }

  close(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
  }
}
