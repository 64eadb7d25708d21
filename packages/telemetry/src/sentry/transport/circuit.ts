import { inBackground } from "../background.ts";
import type { Timer } from "../background.ts";
import { BackOff } from "../../http/back-off.ts";
import type { BackOffOptions } from "../../http/back-off.ts";
import type { Failure } from "./failure.ts";

/** A server that asks for no pause at all, again and again, must not be asked in a loop. */
const MIN_PAUSE_MILLIS = 100;

/**
 * Whether the server takes requests. After a failure everything waits for a pause; then a single request asks, and its
 * success lets all others go. So an outage costs one request a pause, however much waits.
 */
export class Circuit {
  readonly #backOff: BackOff;
  readonly #maxPauseMillis: number;
  readonly #onPauseOver: () => void;
  #pause: Timer | undefined;
  #failure: Failure | undefined;
  #isAsking = false;

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

  /** Whether a request may begin: none in a pause, and after it a single one. */
  get hasRoom(): boolean {
    return !this.isPausing && (this.#failure === undefined || !this.#isAsking);
  }

  /** To be called when a request begins; true for the one that asks whether the server is back. */
  begin(): boolean {
    const isProbe = this.#failure !== undefined;
    if (isProbe) this.#isAsking = true;
    return isProbe;
  }

  /** To be called at the end of the one that asks, before `fail` or `succeed`. */
  endProbe(): void {
    this.#isAsking = false;
  }

  /** Starts a pause: the one the server asks for, or one longer than before. */
  fail(failure: Failure): void {
    this.close();
    this.#failure = failure;
    const asked = failure.retryAfterMillis ?? this.#backOff.next();
    const millis = Math.min(Math.max(asked, MIN_PAUSE_MILLIS), this.#maxPauseMillis);
    // A process that has nothing else to do ends, and flushes at its end.
    this.#pause = inBackground(setTimeout(() => this.endPause(), millis));
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
