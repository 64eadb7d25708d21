import { createTable, type Plain } from "../../broker-wire/plain.ts";
import type { Scenarios, Session } from "../scenario.ts";

/** What declaring a queue with these arguments gives. */
async function declared(session: Session, args: Record<string, Plain>): Promise<unknown> {
  const channel = await session.channel();
  return channel.call("queue.declare", { queue: session.name("q"), arguments: createTable(args) });
}

/** What declaring a queue twice, with different arguments, gives the second time. */
async function twice(session: Session, first: object, second: object): Promise<unknown> {
  const channel = await session.channel();
  const queue = await session.queue(channel, "q", first);
  return channel.call("queue.declare", { queue, ...second });
}

const withArguments = (args: Record<string, Plain>): object => ({ arguments: createTable(args) });

const badArguments: [string, Plain][] = [
  ["x-message-ttl", -1],
  ["x-message-ttl", "100"],
  ["x-message-ttl", { type: "double", value: 1.5 }],
  ["x-expires", 0],
  ["x-expires", -1],
  ["x-max-length", -1],
  ["x-max-length", "many"],
  ["x-max-length-bytes", -1],
  ["x-overflow", "explode"],
  ["x-overflow", 1],
  ["x-dead-letter-exchange", 1],
  ["x-dead-letter-routing-key", "k"],
  ["x-queue-type", "no-such"],
];

export const queues: Scenarios = {
  "a declared queue is empty and says its name": (session) => declared(session, {}),
  "a queue without a name gets one": async (session) =>
    (await session.channel()).call("queue.declare", { exclusive: true }),
  "looking up a missing queue fails": async (session) =>
    (await session.channel()).call("queue.declare", { queue: session.name("missing"), passive: true }),
  "names that begin with amq. are reserved for queues": async (session) =>
    (await session.channel()).call("queue.declare", { queue: "amq.mine" }),
  "the counts of messages and consumers are true": async (session) => {
    const channel = await session.confirmChannel();
    const queue = await session.queue(channel, "q");
    channel.publish({ key: queue });
    channel.publish({ key: queue });
    await channel.confirms();
    await channel.call("basic.qos", { prefetchCount: 1 });
    await channel.call("basic.consume", { queue });
    await channel.next("basic.deliver");
    return channel.call("queue.declare", { queue, passive: true });
  },
  "a queue declared again with the same arguments is the same": (session) =>
    twice(session, withArguments({ "x-message-ttl": 1000 }), withArguments({ "x-message-ttl": 1000 })),
  "an integer of another width is the same argument": (session) =>
    twice(
      session,
      withArguments({ "x-message-ttl": 1000 }),
      withArguments({ "x-message-ttl": { type: "long", value: 1000n } }),
    ),
  "a queue declared again with another durability is refused": (session) =>
    twice(session, {}, { durable: true }),
  "a queue declared again as auto-delete is refused": (session) => twice(session, {}, { autoDelete: true }),
  "a queue declared again as exclusive is refused": (session) => twice(session, {}, { exclusive: true }),
  "a queue declared again with another time to live is refused": (session) =>
    twice(session, withArguments({ "x-message-ttl": 1000 }), withArguments({ "x-message-ttl": 2000 })),
  "a queue declared again without its time to live is refused": (session) =>
    twice(session, withArguments({ "x-message-ttl": 1000 }), {}),
  "a queue declared again with a dead-letter exchange is refused": (session) =>
    twice(session, {}, withArguments({ "x-dead-letter-exchange": "amq.fanout" })),
  "a queue declared again with another dead-letter exchange is refused": (session) =>
    twice(
      session,
      withArguments({ "x-dead-letter-exchange": "amq.direct" }),
      withArguments({ "x-dead-letter-exchange": "amq.fanout" }),
    ),
  "a queue declared again with another length is refused": (session) =>
    twice(session, withArguments({ "x-max-length": 1 }), withArguments({ "x-max-length": 2 })),
  ...Object.fromEntries(
    badArguments.map(([key, value]) => [
      `${key} = ${JSON.stringify(value)} is refused`,
      (session: Session) => declared(session, { [key]: value }),
    ]),
  ),
  "arguments nobody knows are ignored": (session) => declared(session, { "x-nobody-knows": 1, other: "y" }),
  "the default values of known arguments are accepted": (session) =>
    declared(session, { "x-overflow": "drop-head", "x-queue-type": "classic", "x-queue-mode": "lazy" }),
  "quorum queues": async (session) => {
    const channel = await session.channel();
    const args = createTable({ "x-queue-type": "quorum" });
    return channel.call("queue.declare", { queue: session.name("q"), durable: true, arguments: args });
  },
  "priority queues": (session) => declared(session, { "x-max-priority": 5 }),
  "single active consumers": (session) => declared(session, { "x-single-active-consumer": true }),
  "an exclusive queue is locked for other connections": async (session) => {
    const [mine, theirs] = [await session.channel(), await session.connect()];
    const queue = await session.queue(mine, "q", { exclusive: true });
    return [
      await (await theirs.channel()).call("queue.declare", { queue, exclusive: true }),
      await (await theirs.channel()).call("queue.declare", { queue, passive: true }),
      await (await theirs.channel()).call("basic.consume", { queue }),
      await (await theirs.channel()).call("basic.get", { queue }),
      await (await theirs.channel()).call("queue.purge", { queue }),
      await (await theirs.channel()).call("queue.delete", { queue }),
      await (await theirs.channel()).call("queue.bind", { queue, exchange: "amq.direct" }),
      await mine.call("queue.declare", { queue, exclusive: true }),
    ];
  },
  "an exclusive queue goes with its connection": async (session) => {
    const connection = await session.connect();
    const queue = await session.queue(await connection.channel(), "q", { exclusive: true });
    await connection.close();
    return (await session.channel()).call("queue.declare", { queue, passive: true });
  },
  "an auto-delete queue goes with its last consumer": async (session) => {
    const channel = await session.channel();
    const queue = await session.queue(channel, "q", { autoDelete: true });
    await channel.call("basic.consume", { queue, consumerTag: "one" });
    await channel.call("basic.consume", { queue, consumerTag: "two" });
    await channel.call("basic.cancel", { consumerTag: "one" });
    const between = await channel.call("queue.declare", { queue, passive: true });
    await channel.call("basic.cancel", { consumerTag: "two" });
    return [between, await channel.call("queue.declare", { queue, passive: true })];
  },
  "an auto-delete queue stays while it never had a consumer": async (session) => {
    const connection = await session.connect();
    const queue = await session.queue(await connection.channel(), "q", { autoDelete: true });
    await connection.close();
    return (await session.channel()).call("queue.declare", { queue, passive: true });
  },
  "deleting a queue in use is refused when asked so": async (session) => {
    const channel = await session.channel();
    const queue = await session.queue(channel, "q");
    await channel.call("basic.consume", { queue });
    return channel.call("queue.delete", { queue, ifUnused: true });
  },
  "deleting a queue that is not empty is refused when asked so": async (session) => {
    const channel = await session.confirmChannel();
    const queue = await session.queue(channel, "q");
    channel.publish({ key: queue });
    await channel.confirms();
    return channel.call("queue.delete", { queue, ifEmpty: true });
  },
  "deleting a queue says how many messages went": async (session) => {
    const channel = await session.confirmChannel();
    const queue = await session.queue(channel, "q");
    channel.publish({ key: queue });
    await channel.confirms();
    return [await channel.call("queue.delete", { queue }), await channel.call("queue.delete", { queue })];
  },
  "deleting a queue cancels its consumers": async (session) => {
    const channel = await session.channel();
    const other = await session.channel();
    const queue = await session.queue(channel, "q");
    await channel.call("basic.consume", { queue, consumerTag: "mine" });
    await other.call("queue.delete", { queue });
    return [await channel.next("basic.cancel"), await channel.outcome()];
  },
  "deleting a queue tells nothing to consumers that cannot hear it": async (session) => {
    const channel = await session.channel({ capabilities: {} });
    const queue = await session.queue(channel, "q");
    await channel.call("basic.consume", { queue, consumerTag: "mine" });
    await channel.call("queue.delete", { queue });
    await channel.outcome();
    return channel.unread();
  },
  "purging takes waiting messages, not unsettled ones": async (session) => {
    const channel = await session.confirmChannel();
    const queue = await session.queue(channel, "q");
    for (const body of ["a", "b", "c"]) channel.publish({ key: queue, body });
    await channel.confirms();
    await channel.call("basic.get", { queue });
    const purged = await channel.call("queue.purge", { queue });
    channel.send("basic.nack", { deliveryTag: 1n, requeue: true });
    return [purged, await channel.drain(queue)];
  },
  "purging a missing queue fails": async (session) =>
    (await session.channel()).call("queue.purge", { queue: session.name("missing") }),
  "an empty name means the queue declared last": async (session) => {
    const channel = await session.confirmChannel();
    const queue = await session.queue(channel, "q");
    await channel.call("queue.bind", { exchange: "amq.direct" });
    channel.publish({ exchange: "amq.direct", key: queue, body: "x" });
    await channel.confirms();
    return [await channel.call("basic.get", {}), await channel.call("queue.delete", {})];
  },
  "looking up a queue without a name fails": async (session) => {
    const channel = await session.channel();
    await session.queue(channel, "q");
    return channel.call("queue.declare", { passive: true });
  },
  "an empty name without a queue declared before fails": async (session) =>
    (await session.channel()).call("basic.get", {}),
  "an unused queue goes after its time": async (session) => {
    const channel = await session.channel();
    const queue = await session.queue(channel, "q", withArguments({ "x-expires": 100 }));
    const other = session.name("watch");
    await channel.call("queue.declare", { queue: other });
    await channel.call("queue.bind", { queue, exchange: "amq.fanout" });
    // Looking the queue up would count as use: a message that nobody gets tells instead.
    await session.until(
      async () => {
        channel.publish({ key: queue, mandatory: true });
        return (await channel.unread()).length;
      },
      (returned) => returned > 0,
    );
    return channel.call("queue.declare", { queue, passive: true });
  },
};
