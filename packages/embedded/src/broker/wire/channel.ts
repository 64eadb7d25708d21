import type { MethodName } from "../codec/method-table.ts";
import { handleMethod, type Arguments, type Method, type MethodHandlers } from "../codec/method.ts";
import { AmqpError } from "../errors.ts";
import type { Message } from "../model/message.ts";
import type { Queue } from "../model/queue.ts";
import type { VirtualHost } from "../model/virtual-host.ts";
import { basicMethods, publish } from "./basic-methods.ts";
import { Confirms } from "./confirms.ts";
import type { Consumer } from "./consumer.ts";
import { ContentAssembler, type PublishedContent } from "./content.ts";
import { Deliveries } from "./deliveries.ts";
import { topologyMethods } from "./topology-methods.ts";

/** What a channel needs of its connection. */
export interface ChannelLink {
  readonly user: string;
  readonly maxBodyBytes: number;
  /** The client understands basic.cancel from the server. */
  readonly hasCancelNotify: boolean;
  /** The socket's buffer is full: deliver nothing for now. */
  readonly isCongested: boolean;
  send<N extends MethodName>(channel: number, name: N, args: Arguments<N>): void;
  sendContent<N extends MethodName>(channel: number, name: N, args: Arguments<N>, message: Message): void;
  /** The channel's number is free again. */
  channelEnded(channel: number): void;
}

/** One channel of a connection. */
export class Channel {
  readonly link: ChannelLink;
  readonly vhost: VirtualHost;
  readonly consumers = new Map<string, Consumer>();
  readonly deliveries: Deliveries;
  readonly confirms: Confirms;
  readonly #number: number;
  readonly #content: ContentAssembler;
  /** basic.qos without `global`: for each new consumer. 0 is no limit. */
  consumerPrefetch = 0;
  /** basic.qos with `global`: for all consumers of the channel together. 0 is no limit. */
  channelPrefetch = 0;
  /** An empty queue name in later methods means the queue declared last. */
  lastQueueName = "";
  #isClosing = false;

  constructor(link: ChannelLink, vhost: VirtualHost, number: number) {
    this.link = link;
    this.vhost = vhost;
    this.#number = number;
    this.#content = new ContentAssembler(link.maxBodyBytes);
    this.deliveries = new Deliveries(vhost);
    this.confirms = new Confirms(({ deliveryTag, multiple, accepted }) => {
      if (accepted) this.send("basic.ack", { deliveryTag, multiple });
      else this.send("basic.nack", { deliveryTag, multiple, requeue: false });
    });
  }

  get isCongested(): boolean {
    return this.link.isCongested;
  }

  send<N extends MethodName>(name: N, args: Arguments<N>): void {
    this.link.send(this.#number, name, args);
  }
  sendContent<N extends MethodName>(name: N, args: Arguments<N>, message: Message): void {
    this.link.sendContent(this.#number, name, args, message);
  }

  /** The queue a method names, or the one declared last on this channel when it names none. */
  queue(name: string): Queue {
    return this.vhost.queue(this.queueName(name), this.link);
  }
  queueName(name: string): string {
    if (name !== "") return name;
    if (this.lastQueueName === "") throw new AmqpError(404, "no previously declared queue");
    return this.lastQueueName;
  }

  method(method: Method): void {
    if (this.#isClosing) return this.#whileClosing(method);
    if (this.#content.isExpecting) {
      const text = `expected content header for class 60, got ${method.name} instead`;
      throw new AmqpError(505, text, "basic.publish");
    }
    const isKnown = handlerSets.some((handlers) => handleMethod(handlers, this, method));
    if (!isKnown) throw new AmqpError(540, `method ${method.name} is not supported by the embedded broker`);
  }

  closedByClient(): void {
    this.confirms.flush();
    this.end();
    this.send("channel.close-ok", {});
    this.link.channelEnded(this.#number);
  }

  beginPublish(args: Arguments<"basic.publish">): void {
    if (args.immediate) throw new AmqpError(540, "immediate=true");
    this.#content.begin(args);
  }

  #whileClosing(method: Method): void {
    if (method.name === "channel.close") this.send("channel.close-ok", {});
    if (method.name === "channel.close" || method.name === "channel.close-ok") {
      this.link.channelEnded(this.#number);
    }
  }

  contentHeader(payload: Buffer): void {
    if (!this.#isClosing) this.#publish(this.#content.header(payload));
  }
  contentBody(payload: Buffer): void {
    if (!this.#isClosing) this.#publish(this.#content.body(payload));
  }
  #publish(content: PublishedContent | undefined): void {
    if (content !== undefined) publish(this, content);
  }

  /** Called for a consumer whose queue is gone. */
  consumerLost(tag: string): void {
    this.consumers.delete(tag);
    if (!this.link.hasCancelNotify) return;
    // After the reply to the queue.delete that caused it, as RabbitMQ orders them.
    setImmediate(() => {
      if (!this.#isClosing) this.send("basic.cancel", { consumerTag: tag, noWait: true });
    });
  }

  /** Offers waiting messages to this channel's consumers again. */
  resume(): void {
    for (const consumer of this.consumers.values()) consumer.queue.drain();
  }

  /** Closes because of an error of the client; then only its close-ok is awaited. */
  close(reason: Arguments<"channel.close">): void {
    this.end();
    this.send("channel.close", reason);
  }

  /** Takes the consumers off their queues and hands back what is unsettled. */
  end(): void {
    this.#isClosing = true;
    this.#content.abort();
    this.confirms.stop();
    const consumers = [...this.consumers.values()];
    this.consumers.clear();
    // Requeue only after every consumer is out of the way, or the messages would come straight back.
    for (const consumer of consumers) consumer.queue.pause(consumer);
    this.deliveries.requeueAll();
    for (const consumer of consumers) consumer.queue.removeConsumer(consumer);
  }
}

const channelMethods: MethodHandlers<Channel> = {
  "channel.open": () => {
    throw new AmqpError(504, "second 'channel.open' seen");
  },
  "channel.close": (channel) => channel.closedByClient(),
  "channel.flow": (channel, { active }) => {
    // RabbitMQ does not let clients pause a channel either; basic.qos does the job.
    if (!active) throw new AmqpError(540, "active=false");
    channel.send("channel.flow-ok", { active });
  },
  "confirm.select": (channel, { noWait }) => {
    channel.confirms.select();
    if (!noWait) channel.send("confirm.select-ok", {});
  },
  "access.request": (channel) => channel.send("access.request-ok", { reserved1: 1 }),
  "basic.publish": (channel, args) => channel.beginPublish(args),
};

const handlerSets = [channelMethods, topologyMethods, basicMethods];
