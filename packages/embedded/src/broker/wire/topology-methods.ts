import type { Arguments, MethodHandlers } from "../codec/method.ts";
import type { Channel } from "./channel.ts";

/** What exchange.* and queue.* do. */
export const topologyMethods: MethodHandlers<Channel> = {
  "exchange.declare": declareExchange,
  "exchange.delete": deleteExchange,
  "exchange.bind": bindExchange,
  "exchange.unbind": unbindExchange,
  "queue.declare": declareQueue,
  "queue.bind": bindQueue,
  "queue.unbind": unbindQueue,
  "queue.purge": purgeQueue,
  "queue.delete": deleteQueue,
};

function declareExchange(channel: Channel, args: Arguments<"exchange.declare">): void {
  if (args.passive) channel.vhost.lookUpExchange(args.exchange);
  else channel.vhost.declareExchange(args);
  if (!args.noWait) channel.send("exchange.declare-ok", {});
}

function deleteExchange(channel: Channel, args: Arguments<"exchange.delete">): void {
  channel.vhost.deleteExchange(args.exchange, args.ifUnused);
  if (!args.noWait) channel.send("exchange.delete-ok", {});
}

function bindExchange(channel: Channel, args: Arguments<"exchange.bind">): void {
  const source = channel.vhost.exchange(args.source);
  const destination = channel.vhost.exchange(args.destination);
  channel.vhost.bind(source, { destination, routingKey: args.routingKey, arguments: args.arguments });
  if (!args.noWait) channel.send("exchange.bind-ok", {});
}

/** Taking away a binding that is not there succeeds, also when an end of it does not exist. */
function unbindExchange(channel: Channel, args: Arguments<"exchange.unbind">): void {
  const source = channel.vhost.findExchange(args.source);
  const destination = channel.vhost.findExchange(args.destination);
  if (source !== undefined && destination !== undefined) {
    channel.vhost.unbind(source, { destination, routingKey: args.routingKey, arguments: args.arguments });
  }
  if (!args.noWait) channel.send("exchange.unbind-ok", {});
}

function declareQueue(channel: Channel, args: Arguments<"queue.declare">): void {
  const { vhost, link } = channel;
  const queue = args.passive ? vhost.queue(args.queue, link) : vhost.declareQueue(args, link);
  if (args.passive) queue.touch();
  channel.lastQueueName = queue.name;
  if (args.noWait) return;
  channel.send("queue.declare-ok", {
    queue: queue.name,
    messageCount: queue.length,
    consumerCount: queue.consumers.length,
  });
}

function bindQueue(channel: Channel, args: Arguments<"queue.bind">): void {
  const destination = channel.queue(args.queue);
  const routingKey = shortcutKey(channel, args);
  channel.vhost.bind(channel.vhost.exchange(args.exchange), {
    destination,
    routingKey,
    arguments: args.arguments,
  });
  if (!args.noWait) channel.send("queue.bind-ok", {});
}

function unbindQueue(channel: Channel, args: Arguments<"queue.unbind">): void {
  const name = channel.queueName(args.queue);
  const source = channel.vhost.findExchange(args.exchange);
  if (source !== undefined && channel.vhost.findQueue(name) !== undefined) {
    const destination = channel.queue(name);
    const routingKey = shortcutKey(channel, args);
    channel.vhost.unbind(source, { destination, routingKey, arguments: args.arguments });
  }
  channel.send("queue.unbind-ok", {});
}

/** With neither queue nor key given, the key is the name of the queue declared last (protocol definition). */
function shortcutKey(channel: Channel, args: { queue: string; routingKey: string }): string {
  return args.queue === "" && args.routingKey === "" ? channel.lastQueueName : args.routingKey;
}

function purgeQueue(channel: Channel, args: Arguments<"queue.purge">): void {
  const messageCount = channel.queue(args.queue).purge();
  if (!args.noWait) channel.send("queue.purge-ok", { messageCount });
}

function deleteQueue(channel: Channel, args: Arguments<"queue.delete">): void {
  const name = channel.queueName(args.queue);
  const exists = channel.vhost.findQueue(name) !== undefined;
  const messageCount = exists ? channel.vhost.deleteQueue(channel.queue(name), args) : 0;
  if (!args.noWait) channel.send("queue.delete-ok", { messageCount });
}
