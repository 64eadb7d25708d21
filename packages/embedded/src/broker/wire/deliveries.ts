import { AmqpError } from "../errors.ts";
import type { QueuedMessage } from "../model/message.ts";
import type { Queue } from "../model/queue.ts";
import type { VirtualHost } from "../model/virtual-host.ts";

interface Delivery {
  entry: QueuedMessage;
  queue: Queue;
  /** Called once when the delivery is settled: the consumer may take another. */
  onSettled: () => void;
}

export type Settlement = "ack" | "requeue" | "drop";

/** The messages a channel delivered and that are not settled yet, by delivery tag. */
export class Deliveries {
  readonly #vhost: VirtualHost;
  readonly #unsettled = new Map<bigint, Delivery>();
  #lastTag = 0n;

  constructor(vhost: VirtualHost) {
    this.#vhost = vhost;
  }

  get size(): number {
    return this.#unsettled.size;
  }

  nextTag(): bigint {
    return ++this.#lastTag;
  }

  add(tag: bigint, delivery: Delivery): void {
    this.#unsettled.set(tag, delivery);
  }

  /**
   * Settles one delivery, or all up to the tag (0: all there are). Returns the queues they came from.
   * An unknown tag is a PRECONDITION_FAILED.
   */
  settle(tag: bigint, multiple: boolean, how: Settlement): Set<Queue> {
    const isAll = multiple && tag === 0n;
    if (!isAll && !this.#unsettled.has(tag)) throw new AmqpError(406, `unknown delivery tag ${tag}`);
    const tags = multiple ? [...this.#unsettled.keys()].filter((key) => isAll || key <= tag) : [tag];
    return this.#settleTags(tags, how);
  }

  requeueAll(): Set<Queue> {
    return this.#settleTags([...this.#unsettled.keys()], "requeue");
  }

  #settleTags(tags: readonly bigint[], how: Settlement): Set<Queue> {
    const byQueue = new Map<Queue, QueuedMessage[]>();
    for (const tag of tags) {
      const delivery = this.#unsettled.get(tag);
      if (delivery === undefined) continue;
      this.#unsettled.delete(tag);
      delivery.onSettled();
      const entries = byQueue.get(delivery.queue) ?? [];
      entries.push(delivery.entry);
      byQueue.set(delivery.queue, entries);
    }
    for (const [queue, entries] of byQueue) {
      if (how === "requeue") queue.requeue(entries);
      else if (how === "drop" && !queue.isDeleted) {
        for (const { message } of entries) this.#vhost.deadLetter(queue, message, "rejected");
      }
    }
    return new Set(byQueue.keys());
  }
}
