import type { QueuedMessage } from "../model/message.ts";
import type { Queue, QueueConsumer } from "../model/queue.ts";
import type { Channel } from "./channel.ts";

export interface ConsumerSettings {
  tag: string;
  noAck: boolean;
  exclusive: boolean;
  priority: number;
}

/** A subscription of a channel to a queue. Its prefetch is the channel's at the time of basic.consume. */
export class Consumer implements QueueConsumer {
  readonly tag: string;
  readonly queue: Queue;
  readonly priority: number;
  readonly exclusive: boolean;
  readonly #channel: Channel;
  readonly #noAck: boolean;
  readonly #prefetch: number;
  #unsettled = 0;

  constructor(channel: Channel, queue: Queue, settings: ConsumerSettings) {
    this.#channel = channel;
    this.queue = queue;
    this.tag = settings.tag;
    this.priority = settings.priority;
    this.exclusive = settings.exclusive;
    this.#noAck = settings.noAck;
    this.#prefetch = channel.consumerPrefetch;
  }

  isReady(): boolean {
    if (this.#channel.isCongested) return false;
    if (this.#noAck) return true;
    const { channelPrefetch, deliveries } = this.#channel;
    const fitsConsumer = this.#prefetch === 0 || this.#unsettled < this.#prefetch;
    return fitsConsumer && (channelPrefetch === 0 || deliveries.size < channelPrefetch);
  }

  deliver(entry: QueuedMessage): void {
    const { deliveries } = this.#channel;
    const deliveryTag = deliveries.nextTag();
    if (!this.#noAck) {
      this.#unsettled++;
      deliveries.add(deliveryTag, { entry, queue: this.queue, onSettled: () => this.#unsettled-- });
    }
    const { message, redelivered } = entry;
    const { exchange, routingKey } = message;
    const args = { consumerTag: this.tag, deliveryTag, redelivered, exchange, routingKey };
    this.#channel.sendContent("basic.deliver", args, message);
  }

  cancelledByServer(): void {
    this.#channel.consumerLost(this.tag);
  }
}
