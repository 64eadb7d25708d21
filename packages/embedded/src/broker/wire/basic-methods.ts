import { randomBytes } from "node:crypto";
import type { Arguments, MethodHandlers } from "../codec/method.ts";
import { AmqpError } from "../errors.ts";
import { readInteger } from "../model/field.ts";
import { createPublishedMessage, type Message } from "../model/message.ts";
import { maxTimerMillis } from "../model/queue-settings.ts";
import type { Queue } from "../model/queue.ts";
import type { Channel } from "./channel.ts";
import { Consumer } from "./consumer.ts";
import type { PublishedContent } from "./content.ts";
import type { Settlement } from "./deliveries.ts";

/** What basic.* does, except publish, which comes as content. */
export const basicMethods: MethodHandlers<Channel> = {
  "basic.qos": setPrefetch,
  "basic.consume": consume,
  "basic.cancel": cancel,
  "basic.get": get,
  "basic.ack": (channel, args) => settle(channel, args, "ack"),
  "basic.nack": (channel, args) => settle(channel, args, args.requeue ? "requeue" : "drop"),
  "basic.reject": (channel, { deliveryTag, requeue }) =>
    settle(channel, { deliveryTag, multiple: false }, requeue ? "requeue" : "drop"),
  "basic.recover-async": recover,
  "basic.recover": (channel, args) => {
    recover(channel, args);
    channel.send("basic.recover-ok", {});
  },
};

/** Routes a complete message, returns it when nobody gets it, counts its confirm. */
export function publish(channel: Channel, { publish: args, rawProperties, body }: PublishedContent): void {
  const exchange = channel.vhost.exchange(args.exchange);
  if (exchange.declaration.internal) {
    throw new AmqpError(403, `cannot publish to internal exchange '${exchange.name}' in vhost '/'`);
  }
  const { routingKey } = args;
  const message = createPublishedMessage({ exchange: args.exchange, routingKey, rawProperties, body });
  checkProperties(channel, message);
  const { routed, accepted } = channel.vhost.publish(exchange, message);
  if (!routed && args.mandatory) {
    const reason = { replyCode: 312, replyText: "NO_ROUTE", exchange: args.exchange, routingKey };
    channel.sendContent("basic.return", reason, message);
  }
  channel.confirms.add(accepted);
}

function checkProperties(channel: Channel, { properties }: Message): void {
  const { expiration, userId, replyTo } = properties;
  const badExpiration = expiration === undefined ? undefined : findExpirationFault(expiration);
  if (badExpiration !== undefined) {
    throw new AmqpError(406, `invalid expiration '${expiration}': ${badExpiration}`);
  }
  if (replyTo?.startsWith("amq.rabbitmq.reply-to") === true) {
    throw new AmqpError(406, "fast reply consumer does not exist");
  }
  if (userId !== undefined && userId !== channel.link.user) {
    throw new AmqpError(
      406,
      `user_id property set to '${userId}' but authenticated user was '${channel.link.user}'`,
    );
  }
}

/** What is wrong with an expiration, in RabbitMQ's words; undefined when it is a number of milliseconds. */
function findExpirationFault(expiration: string): string | undefined {
  const [, digits, rest] = /^([+-]?\d+)(.*)$/s.exec(expiration) ?? [];
  if (digits === undefined) return "no_integer";
  if (rest !== "") return `{leftover_string,"${rest}"}`;
  const millis = Number(digits);
  if (millis < 0) return `{value_negative,${digits}}`;
  return millis > maxTimerMillis ? `{value_too_large,${digits}}` : undefined;
}

function recover(channel: Channel, { requeue }: { requeue: boolean }): void {
  if (!requeue) throw new AmqpError(540, "requeue=false");
  channel.deliveries.requeueAll();
}

function setPrefetch(channel: Channel, args: Arguments<"basic.qos">): void {
  if (args.prefetchSize !== 0) throw new AmqpError(540, `prefetch_size!=0 (${args.prefetchSize})`);
  if (args.global) channel.channelPrefetch = args.prefetchCount;
  else channel.consumerPrefetch = args.prefetchCount;
  channel.send("basic.qos-ok", {});
  if (args.global) channel.resume();
}

function consume(channel: Channel, args: Arguments<"basic.consume">): void {
  const queue = channel.queue(args.queue);
  const tag =
    args.consumerTag === "" ? `amq.ctag-${randomBytes(16).toString("base64url")}` : args.consumerTag;
  if (channel.consumers.has(tag)) throw new AmqpError(530, `attempt to reuse consumer tag '${tag}'`);
  const priority = readPriority(channel, args);
  const consumer = new Consumer(channel, queue, {
    tag,
    noAck: args.noAck,
    exclusive: args.exclusive,
    priority,
  });
  queue.addConsumer(consumer);
  channel.consumers.set(tag, consumer);
  if (!args.noWait) channel.send("basic.consume-ok", { consumerTag: tag });
  queue.drain();
}

function readPriority(channel: Channel, args: Arguments<"basic.consume">): number {
  const field = args.arguments.get("x-priority");
  if (field === undefined) return 0;
  const priority = readInteger(field);
  if (priority === undefined) {
    const queue = channel.queueName(args.queue);
    const text = `invalid arg 'x-priority' for queue '${queue}' in vhost '/': "expected integer, got ${field.type}"`;
    throw new AmqpError(406, text);
  }
  return priority;
}

function cancel(channel: Channel, args: Arguments<"basic.cancel">): void {
  const consumer = channel.consumers.get(args.consumerTag);
  channel.consumers.delete(args.consumerTag);
  consumer?.queue.removeConsumer(consumer);
  if (!args.noWait) channel.send("basic.cancel-ok", { consumerTag: args.consumerTag });
}

function get(channel: Channel, args: Arguments<"basic.get">): void {
  const queue = channel.queue(args.queue);
  queue.touch();
  const entry = queue.take();
  if (entry === undefined) return channel.send("basic.get-empty", { reserved1: "" });
  const deliveryTag = channel.deliveries.nextTag();
  if (!args.noAck) channel.deliveries.add(deliveryTag, { entry, queue, onSettled: () => undefined });
  const { message, redelivered } = entry;
  const { exchange, routingKey } = message;
  const reply = { deliveryTag, redelivered, exchange, routingKey, messageCount: queue.length };
  channel.sendContent("basic.get-ok", reply, message);
}

function settle(channel: Channel, args: { deliveryTag: bigint; multiple: boolean }, how: Settlement): void {
  const queues: Set<Queue> = channel.deliveries.settle(args.deliveryTag, args.multiple, how);
  for (const queue of queues) queue.drain();
  // A prefetch for the whole channel also held back its consumers on other queues.
  if (channel.channelPrefetch > 0) channel.resume();
}
