/** What both processors hand on to the bridge, which has one client for all signals. */
export interface Endings {
  readonly forceFlush: () => Promise<void>;
  readonly shutdown: () => Promise<void>;
}

/** A processor of the bridge: its items go on until the bridge tells it to stop. */
export abstract class StoppableProcessor {
  readonly #endings: Endings;
  #isStopped = false;

  constructor(endings: Endings) {
    this.#endings = endings;
  }

  protected get isStopped(): boolean {
    return this.#isStopped;
  }

  forceFlush(): Promise<void> {
    return this.#endings.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#endings.shutdown();
  }

  /** From now on items are only counted. */
  stop(): void {
    this.#isStopped = true;
  }
}
