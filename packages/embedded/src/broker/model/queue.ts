import type { Table } from "../codec/table.ts";
import { AmqpError } from "../errors.ts";
import type { Message, QueuedMessage } from "./message.ts";
import type { QueueSettings } from "./queue-settings.ts";
import { ReadyList } from "./ready-list.ts";
import { createTimer } from "./timer.ts";

export type DeathReason = "rejected" | "expired" | "maxlen";

/** What a queue knows of a consumer. */
export interface QueueConsumer {
  readonly priority: number;
  readonly exclusive: boolean;
  /** False while the consumer's prefetch is used up or its socket is full. */
  isReady(): boolean;
  deliver(entry: QueuedMessage): void;
  cancelledByServer(): void;
}

/** What a queue asks of its virtual host. */
export interface QueueHost {
  deadLetter(queue: Queue, message: Message, reason: DeathReason): void;
  deleteQueue(queue: Queue): void;
}

/** queue.declare as it came in. */
export interface QueueRequest {
  queue: string;
  durable: boolean;
  exclusive: boolean;
  autoDelete: boolean;
  arguments: Table;
}

export interface QueueDeclaration {
  name: string;
  durable: boolean;
  autoDelete: boolean;
  arguments: Table;
  settings: QueueSettings;
  /** The connection an exclusive queue belongs to. */
  owner: object | undefined;
}

/** A classic queue. Behaves as RabbitMQ's where the protocol text leaves a choice. */
export class Queue {
  readonly declaration: QueueDeclaration;
  readonly consumers: QueueConsumer[] = [];
  isDeleted = false;
  readonly #host: QueueHost;
  readonly #ready = new ReadyList();
  readonly #expiryTimer = createTimer();
  readonly #unusedTimer = createTimer();
  readonly #paused = new Set<QueueConsumer>();
  #nextPlace = 0;

  constructor(host: QueueHost, declaration: QueueDeclaration) {
    this.#host = host;
    this.declaration = declaration;
    this.touch();
  }

  get name(): string {
    return this.declaration.name;
  }
  get #settings(): QueueSettings {
    return this.declaration.settings;
  }
  /** Messages waiting, without those delivered and not yet settled. */
  get length(): number {
    return this.#ready.length;
  }

  /** The queue was used: its own time to live starts again. */
  touch(): void {
    const { expiresMillis } = this.#settings;
    if (expiresMillis === undefined || this.consumers.length > 0) return;
    this.#unusedTimer.start(expiresMillis, () => this.#host.deleteQueue(this));
  }

  /** False when a full queue with a rejecting overflow refuses the message. */
  publish(message: Message): boolean {
    const { overflow } = this.#settings;
    if (overflow !== "drop-head" && this.#isOver(1, message.body.length)) {
      if (overflow === "reject-publish-dlx") this.#host.deadLetter(this, message, "maxlen");
      return false;
    }
    const expiresAtMillis = Date.now() + this.#readTtlMillis(message);
    const entry = { message, place: this.#nextPlace++, expiresAtMillis, redelivered: false };
    // A waiting consumer gets it at once: then neither a length of 0 nor a time to live of 0 matters.
    const consumer = this.length === 0 ? this.#nextConsumer() : undefined;
    if (consumer !== undefined) {
      consumer.deliver(entry);
      return true;
    }
    this.#ready.push(entry);
    this.#shorten();
    this.drain();
    return true;
  }

  #shorten(): void {
    while (this.#settings.overflow === "drop-head" && this.length > 0 && this.#isOver(0, 0))
      this.#drop("maxlen");
  }

  #isOver(moreMessages: number, moreBytes: number): boolean {
    const { maxLength = Infinity, maxBytes = Infinity } = this.#settings;
    return this.length + moreMessages > maxLength || this.#ready.bodyBytes + moreBytes > maxBytes;
  }

  #readTtlMillis(message: Message): number {
    const { expiration } = message.properties;
    const own = expiration === undefined ? Infinity : Number(expiration);
    return Math.min(own, this.#settings.messageTtlMillis ?? Infinity);
  }

  #drop(reason: DeathReason): void {
    const entry = this.#ready.shift();
    if (entry !== undefined) this.#host.deadLetter(this, entry.message, reason);
  }

  /** The next message, for basic.get. */
  take(): QueuedMessage | undefined {
    this.#expire();
    const entry = this.#ready.shift();
    this.#watchExpiry();
    return entry;
  }

  /** Puts delivered messages back to their original places, marked as redelivered. */
  requeue(entries: readonly QueuedMessage[]): void {
    if (this.isDeleted) return;
    for (const entry of entries) entry.redelivered = true;
    this.#ready.restore(entries);
    this.drain();
    this.#shorten();
  }

  /** Delivers what can be delivered. Consumers of the highest ready priority take turns. */
  drain(): void {
    for (;;) {
      const consumer = this.length === 0 ? undefined : this.#nextConsumer();
      if (consumer === undefined) break;
      this.#expire();
      const entry = this.#ready.shift();
      if (entry !== undefined) consumer.deliver(entry);
    }
    this.#expire();
    this.#watchExpiry();
  }

  #nextConsumer(): QueueConsumer | undefined {
    let best: QueueConsumer | undefined;
    for (const consumer of this.consumers) {
      if ((best === undefined || consumer.priority > best.priority) && this.#isReady(consumer))
        best = consumer;
    }
    if (best === undefined) return undefined;
    this.consumers.push(...this.consumers.splice(this.consumers.indexOf(best), 1));
    return best;
  }

  #isReady(consumer: QueueConsumer): boolean {
    return !this.#paused.has(consumer) && consumer.isReady();
  }

  /** Like RabbitMQ, looks only at the head: a message behind one that lives longer waits for it. */
  #expire(): void {
    const now = Date.now();
    for (
      let head = this.#ready.first;
      head !== undefined && head.expiresAtMillis <= now;
      head = this.#ready.first
    ) {
      this.#drop("expired");
    }
  }

  #watchExpiry(): void {
    const head = this.#ready.first;
    if (head === undefined || head.expiresAtMillis === Infinity || this.isDeleted) this.#expiryTimer.stop();
    else this.#expiryTimer.start(head.expiresAtMillis - Date.now(), () => this.drain());
  }

  addConsumer(consumer: QueueConsumer): void {
    const inUse = this.consumers.some(({ exclusive }) => exclusive);
    if (inUse || (consumer.exclusive && this.consumers.length > 0)) {
      throw new AmqpError(403, `queue '${this.name}' in vhost '/' in exclusive use`);
    }
    this.consumers.push(consumer);
    this.#unusedTimer.stop();
  }

  /** Gives a consumer that is about to end nothing more, without ending the queue that has only this one. */
  pause(consumer: QueueConsumer): void {
    this.#paused.add(consumer);
  }

  /** Ends a consumer; the last one takes an auto-delete queue with it. */
  removeConsumer(consumer: QueueConsumer): void {
    const at = this.consumers.indexOf(consumer);
    if (at < 0) return;
    this.consumers.splice(at, 1);
    this.#paused.delete(consumer);
    if (this.consumers.length > 0) return;
    if (this.declaration.autoDelete) this.#host.deleteQueue(this);
    else this.touch();
  }

  /** Returns how many messages were removed. Purged messages are not dead-lettered. */
  purge(): number {
    const count = this.#ready.clear();
    this.#watchExpiry();
    return count;
  }

  /** Called by the virtual host, which has taken the queue from its list. */
  end(): number {
    this.isDeleted = true;
    this.#unusedTimer.stop();
    for (const consumer of this.consumers.splice(0)) consumer.cancelledByServer();
    return this.purge();
  }
}
