import { createTable, type Plain } from "../../broker-wire/plain.ts";
import type { Observation, WireChannel } from "../../broker-wire/wire-channel.ts";
import type { Scenarios, Session } from "../scenario.ts";

interface Pair {
  channel: WireChannel;
  queue: string;
  dead: string;
}

/** A queue whose dead letters go to another. */
async function withDeadLetters(session: Session, args: Record<string, Plain> = {}): Promise<Pair> {
  const channel = await session.confirmChannel();
  const dead = await session.queue(channel, "dead");
  const deadLetters = { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": dead };
  const queue = await session.queue(channel, "q", { arguments: createTable({ ...deadLetters, ...args }) });
  return { channel, queue, dead };
}

/** Waits until so many dead letters are there and takes them. */
async function takeDead(session: Session, { channel, dead }: Pair, count: number): Promise<Observation[]> {
  await session.until(
    () => channel.count(dead),
    (waiting) => waiting === count,
  );
  return channel.drain(dead);
}

async function publishAll({ channel, queue }: Pair, bodies: string[], properties = {}): Promise<string[]> {
  for (const body of bodies) channel.publish({ key: queue, body, properties });
  return channel.confirms();
}

async function rejectFirst({ channel, queue }: Pair): Promise<void> {
  const got = await channel.call("basic.get", { queue });
  channel.send("basic.reject", { deliveryTag: BigInt(Number(got["deliveryTag"])), requeue: false });
}

const allProperties = {
  contentType: "text/plain",
  contentEncoding: "utf-8",
  deliveryMode: 2,
  priority: 3,
  correlationId: "c",
  replyTo: "r",
  messageId: "m",
  timestamp: 1_700_000_000n,
  type: "t",
  userId: "guest",
  appId: "app",
  headers: { traceparent: "00-1", n: 1, deep: { list: [1, "x", true, null] } },
};

export const lifetimes: Scenarios = {
  "a queue's time to live ends its messages": async (session) => {
    const pair = await withDeadLetters(session, { "x-message-ttl": 50 });
    await publishAll(pair, ["a", "b"]);
    return takeDead(session, pair, 2);
  },
  "a message's own time to live ends it": async (session) => {
    const pair = await withDeadLetters(session);
    await publishAll(pair, ["a"], { expiration: "50" });
    return takeDead(session, pair, 1);
  },
  "the shorter of both times counts": async (session) => {
    const pair = await withDeadLetters(session, { "x-message-ttl": 60_000 });
    await publishAll(pair, ["a"], { expiration: "20" });
    return takeDead(session, pair, 1);
  },
  "a message behind one that lives longer waits for it": async (session) => {
    const pair = await withDeadLetters(session);
    await publishAll(pair, ["long"], { expiration: "60000" });
    await publishAll(pair, ["short"], { expiration: "0" });
    const before = await pair.channel.count(pair.dead);
    const first = await pair.channel.call("basic.get", { queue: pair.queue });
    return [before, first["body"], await takeDead(session, pair, 1)];
  },
  "a time to live of 0 ends messages nobody waits for": async (session) => {
    const pair = await withDeadLetters(session, { "x-message-ttl": 0 });
    await publishAll(pair, ["a"]);
    return takeDead(session, pair, 1);
  },
  "a time to live of 0 lets waiting consumers have the message": async (session) => {
    const pair = await withDeadLetters(session, { "x-message-ttl": 0 });
    await pair.channel.call("basic.consume", { queue: pair.queue, consumerTag: "t", noAck: true });
    await publishAll(pair, ["a"]);
    return pair.channel.next("basic.deliver");
  },
  "a message handed back after its time ends": async (session) => {
    const pair = await withDeadLetters(session);
    await publishAll(pair, ["a"], { expiration: "100" });
    await pair.channel.call("basic.get", { queue: pair.queue });
    await new Promise((resolve) => setTimeout(resolve, 150));
    pair.channel.send("basic.nack", { deliveryTag: 1n, requeue: true });
    return takeDead(session, pair, 1);
  },
  "expired messages without a dead-letter exchange are gone": async (session) => {
    const channel = await session.confirmChannel();
    const queue = await session.queue(channel, "q", { arguments: createTable({ "x-message-ttl": 20 }) });
    channel.publish({ key: queue });
    await channel.confirms();
    return session.until(
      () => channel.count(queue),
      (count) => count === 0,
    );
  },
  "a full queue drops its oldest messages": async (session) => {
    const pair = await withDeadLetters(session, { "x-max-length": 2 });
    await publishAll(pair, ["a", "b", "c", "d"]);
    const dead = await takeDead(session, pair, 2);
    return [dead, (await pair.channel.drain(pair.queue)).map(({ body }) => body)];
  },
  "a queue can be full by bytes": async (session) => {
    const pair = await withDeadLetters(session, { "x-max-length-bytes": 10 });
    await publishAll(pair, ["12345", "67890", "x"]);
    const dead = await takeDead(session, pair, 1);
    return [dead, (await pair.channel.drain(pair.queue)).map(({ body }) => body)];
  },
  "a length of 0 lets only waiting consumers have messages": async (session) => {
    const pair = await withDeadLetters(session, { "x-max-length": 0 });
    await publishAll(pair, ["dropped"]);
    const dead = await takeDead(session, pair, 1);
    await pair.channel.call("basic.consume", { queue: pair.queue, consumerTag: "t", noAck: true });
    await publishAll(pair, ["delivered"]);
    return [dead.map(({ body }) => body), (await pair.channel.next("basic.deliver"))["body"]];
  },
  "unsettled messages do not count for the length": async (session) => {
    const pair = await withDeadLetters(session, { "x-max-length": 1 });
    await publishAll(pair, ["a"]);
    await pair.channel.call("basic.get", { queue: pair.queue });
    await publishAll(pair, ["b"]);
    const before = await pair.channel.count(pair.queue);
    pair.channel.send("basic.nack", { deliveryTag: 1n, requeue: true });
    const dead = await takeDead(session, pair, 1);
    return [before, dead.map(({ body }) => body), await pair.channel.drain(pair.queue)];
  },
  "a full queue can refuse messages": async (session) => {
    const pair = await withDeadLetters(session, { "x-max-length": 1, "x-overflow": "reject-publish" });
    const confirms = await publishAll(pair, ["a", "b"]);
    return [confirms, await pair.channel.drain(pair.queue), await pair.channel.count(pair.dead)];
  },
  "a full queue can refuse and dead-letter messages": async (session) => {
    const pair = await withDeadLetters(session, { "x-max-length": 1, "x-overflow": "reject-publish-dlx" });
    const confirms = await publishAll(pair, ["a", "b"]);
    const dead = await takeDead(session, pair, 1);
    return [confirms, dead, await pair.channel.drain(pair.queue)];
  },
  "a rejected message is dead-lettered with its history": async (session) => {
    const pair = await withDeadLetters(session);
    await publishAll(pair, ["a"]);
    await rejectFirst(pair);
    return takeDead(session, pair, 1);
  },
  "a nacked message is dead-lettered like a rejected one": async (session) => {
    const pair = await withDeadLetters(session);
    await publishAll(pair, ["a", "b"]);
    await pair.channel.call("basic.get", { queue: pair.queue });
    await pair.channel.call("basic.get", { queue: pair.queue });
    pair.channel.send("basic.nack", { deliveryTag: 2n, multiple: true });
    return takeDead(session, pair, 2);
  },
  "dead letters keep their properties and headers": async (session) => {
    const pair = await withDeadLetters(session);
    await publishAll(pair, ["a"], allProperties);
    await rejectFirst(pair);
    return takeDead(session, pair, 1);
  },
  "dead letters without a routing key keep theirs": async (session) => {
    const channel = await session.confirmChannel();
    const exchange = session.name("dlx");
    await channel.call("exchange.declare", { exchange, type: "topic" });
    const args = createTable({ "x-dead-letter-exchange": exchange });
    const queue = await session.queue(channel, "q", { arguments: args });
    const dead = await session.queue(channel, "dead");
    await channel.call("queue.bind", { queue: dead, exchange, routingKey: "#" });
    await channel.call("queue.bind", { queue, exchange: "amq.topic", routingKey: "orders.*" });
    channel.publish({ exchange: "amq.topic", key: "orders.new", body: "x" });
    await channel.confirms();
    await rejectFirst({ channel, queue, dead });
    return takeDead(session, { channel, queue, dead }, 1);
  },
  "dead letters to a missing exchange are gone": async (session) => {
    const pair = await withDeadLetters(session, { "x-dead-letter-exchange": session.name("missing") });
    await publishAll(pair, ["a"]);
    await rejectFirst(pair);
    return [await pair.channel.outcome(), await pair.channel.count(pair.dead)];
  },
  "going round with rejections counts up": async (session) => {
    const channel = await session.confirmChannel();
    const [work, retry] = [session.name("work"), session.name("retry")];
    const to = (key: string): Record<string, Plain> => ({
      "x-dead-letter-exchange": "",
      "x-dead-letter-routing-key": key,
    });
    await channel.call("queue.declare", { queue: work, arguments: createTable(to(retry)) });
    const retryArguments = createTable({ ...to(work), "x-message-ttl": 20 });
    await channel.call("queue.declare", { queue: retry, arguments: retryArguments });
    await channel.call("basic.consume", { queue: work, consumerTag: "t" });
    channel.publish({ key: work, body: "job" });
    for (let round = 0; round < 3; round++) {
      const { deliveryTag } = await channel.next("basic.deliver");
      channel.send("basic.reject", { deliveryTag: BigInt(Number(deliveryTag)) });
    }
    return channel.next("basic.deliver");
  },
  "going round by time alone ends": async (session) => {
    const channel = await session.confirmChannel();
    const queue = session.name("q");
    const watch = await session.queue(channel, "watch");
    const exchange = session.name("dlx");
    await channel.call("exchange.declare", { exchange, type: "fanout" });
    const args = createTable({ "x-dead-letter-exchange": exchange, "x-message-ttl": 20 });
    await channel.call("queue.declare", { queue, arguments: args });
    for (const bound of [queue, watch]) await channel.call("queue.bind", { queue: bound, exchange });
    channel.publish({ key: queue, body: "x" });
    await channel.confirms();
    await session.until(
      () => channel.count(watch),
      (count) => count === 1,
    );
    return [await channel.count(queue), await channel.drain(watch)];
  },
  "a history that a publisher made up does not count": async (session) => {
    const pair = await withDeadLetters(session);
    const { channel, queue, dead } = pair;
    await channel.call("basic.consume", { queue, consumerTag: "t" });
    const deaths: Plain = [
      {
        count: { type: "long", value: 1n },
        reason: "expired",
        queue,
        time: { type: "timestamp", value: 1n },
        exchange: "",
        "routing-keys": [queue],
      },
    ];
    channel.publish({ key: queue, body: "b", properties: { headers: { "x-death": deaths } } });
    const { deliveryTag } = await channel.next("basic.deliver");
    channel.send("basic.reject", { deliveryTag: BigInt(Number(deliveryTag)) });
    return takeDead(session, { channel, queue, dead }, 1);
  },
  "messages of a deleted queue are not dead-lettered": async (session) => {
    const pair = await withDeadLetters(session);
    await publishAll(pair, ["a"]);
    await pair.channel.call("queue.delete", { queue: pair.queue });
    return [await pair.channel.outcome(), await pair.channel.count(pair.dead)];
  },
  "a dead letter with keys in CC goes on to those keys too": async (session) => {
    const channel = await session.confirmChannel();
    const queue = session.name("q");
    const [dead, copy] = [await session.queue(channel, "dead"), await session.queue(channel, "copy")];
    const exchange = session.name("dlx");
    await channel.call("exchange.declare", { exchange, type: "direct" });
    await channel.call("queue.declare", {
      queue,
      arguments: createTable({ "x-dead-letter-exchange": exchange }),
    });
    await channel.call("queue.bind", { queue: dead, exchange, routingKey: queue });
    await channel.call("queue.bind", { queue: copy, exchange, routingKey: "second" });
    channel.publish({ key: queue, body: "x", properties: { headers: { CC: ["second"] } } });
    await channel.confirms();
    await rejectFirst({ channel, queue, dead });
    return [
      await takeDead(session, { channel, queue, dead }, 1),
      await takeDead(session, { channel, queue, dead: copy }, 1),
    ];
  },
};
