/** One timer for many deadlines, which are later and later as a rule: it is set again only when it has run out. */
export class DeadlineClock {
  readonly #endOverdue: (now: number) => number;
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = Infinity;

  /** @param endOverdue ends what is too late by then, and returns the next deadline, `Infinity` for none */
  constructor(endOverdue: (now: number) => number) {
    this.#endOverdue = endOverdue;
  }

  /** `deadline` is on the clock of `performance.now()`. */
  watch(deadline: number): void {
    if (deadline >= this.#wakesAt) return;
    clearTimeout(this.#timer);
    this.#wakesAt = deadline;
    const millis = Math.max(1, Math.ceil(deadline - performance.now()));
    // What has come while this process was busy is read first: a back end is not slow because its client is.
    this.#timer = setTimeout(() => setImmediate(() => this.#wake()), millis).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#wakesAt = Infinity;
  }

  #wake(): void {
    this.#wakesAt = Infinity;
    const next = this.#endOverdue(performance.now());
    if (next !== Infinity) this.watch(next);
  }
}
