export interface Confirm {
  deliveryTag: bigint;
  multiple: boolean;
  accepted: boolean;
}

/**
 * Publisher confirms of one channel. Those of one turn of the event loop are joined: a run with the same
 * answer becomes one confirm with `multiple`, as RabbitMQ does under load.
 */
export class Confirms {
  readonly #send: (confirm: Confirm) => void;
  #published = 0n;
  #waiting: Confirm[] = [];
  #scheduled: NodeJS.Immediate | undefined;
  #selected = false;

  constructor(send: (confirm: Confirm) => void) {
    this.#send = send;
  }

  select(): void {
    this.#selected = true;
  }

  /** Counts one publish. Its confirm goes out with the next flush. */
  add(accepted: boolean): void {
    if (!this.#selected) return;
    const deliveryTag = ++this.#published;
    const last = this.#waiting.at(-1);
    if (last?.accepted === accepted) {
      last.deliveryTag = deliveryTag;
      last.multiple = true;
      return;
    }
    this.#waiting.push({ deliveryTag, multiple: false, accepted });
    this.#scheduled ??= setImmediate(() => this.flush());
  }

  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    for (const confirm of this.#waiting.splice(0)) this.#send(confirm);
  }

  stop(): void {
    this.#waiting = [];
    this.flush();
  }
}
