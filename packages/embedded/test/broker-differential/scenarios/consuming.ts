import { createTable } from "../../broker-wire/plain.ts";
import type { WireChannel } from "../../broker-wire/wire-channel.ts";
import type { Scenarios, Session } from "../scenario.ts";

/** A queue with these bodies waiting in it. */
async function filled(
  session: Session,
  ...bodies: string[]
): Promise<{ channel: WireChannel; queue: string }> {
  const channel = await session.confirmChannel();
  const queue = await session.queue(channel, "q");
  for (const body of bodies) channel.publish({ key: queue, body });
  await channel.confirms();
  return { channel, queue };
}

/** What the channel says to a settlement after two messages were taken. */
async function afterTwo(session: Session, act: (channel: WireChannel) => void): Promise<unknown> {
  const { channel, queue } = await filled(session, "a", "b", "c");
  await channel.call("basic.get", { queue });
  await channel.call("basic.get", { queue });
  act(channel);
  const outcome = await channel.outcome();
  const other = await session.channel();
  if (outcome !== "open") {
    await session.until(
      () => other.count(queue),
      (count) => count !== 1,
    );
  }
  return [outcome, (await other.drain(queue)).map(({ body, redelivered }) => [body, redelivered])];
}

async function bodies(channel: WireChannel, count: number): Promise<unknown[]> {
  const all = await channel.nextMany("basic.deliver", count);
  return all.map(({ body, consumerTag, redelivered }) => [body, consumerTag, redelivered]);
}

export const consuming: Scenarios = {
  "get takes one message and counts the rest": async (session) => {
    const { channel, queue } = await filled(session, "a", "b");
    return [
      await channel.call("basic.get", { queue }),
      await channel.call("basic.get", { queue }),
      await channel.call("basic.get", { queue }),
    ];
  },
  "get from a missing queue fails": async (session) =>
    (await session.channel()).call("basic.get", { queue: session.name("missing") }),
  "a consumer gets what waits, then what comes": async (session) => {
    const { channel, queue } = await filled(session, "a");
    const consuming = await channel.call("basic.consume", { queue, consumerTag: "t" });
    channel.publish({ key: queue, body: "b" });
    return [consuming, await channel.nextMany("basic.deliver", 2)];
  },
  "a consumer without a tag gets one": async (session) => {
    const { channel, queue } = await filled(session);
    return channel.call("basic.consume", { queue });
  },
  "consuming from a missing queue fails": async (session) =>
    (await session.channel()).call("basic.consume", { queue: session.name("missing") }),
  "a consumer tag used twice closes the connection": async (session) => {
    const { channel, queue } = await filled(session);
    await channel.call("basic.consume", { queue, consumerTag: "t" });
    return channel.call("basic.consume", { queue, consumerTag: "t" });
  },
  "an exclusive consumer keeps others out": async (session) => {
    const { channel, queue } = await filled(session);
    await channel.call("basic.consume", { queue, exclusive: true, consumerTag: "t" });
    return (await session.channel()).call("basic.consume", { queue });
  },
  "an exclusive consumer is refused while there are others": async (session) => {
    const { channel, queue } = await filled(session);
    await channel.call("basic.consume", { queue });
    return (await session.channel()).call("basic.consume", { queue, exclusive: true });
  },
  "cancelling an unknown consumer succeeds": async (session) =>
    (await session.channel()).call("basic.cancel", { consumerTag: "nobody" }),
  "cancelling keeps unsettled messages with the channel": async (session) => {
    const { channel, queue } = await filled(session, "a");
    await channel.call("basic.consume", { queue, consumerTag: "t" });
    await channel.next("basic.deliver");
    const cancelled = await channel.call("basic.cancel", { consumerTag: "t" });
    const between = await channel.count(queue);
    channel.send("basic.nack", { deliveryTag: 1n, requeue: true });
    return [cancelled, between, await channel.outcome(), await channel.count(queue)];
  },
  "noAck messages are settled when sent": async (session) => {
    const { channel, queue } = await filled(session, "a", "b");
    await channel.call("basic.consume", { queue, consumerTag: "t", noAck: true });
    await channel.nextMany("basic.deliver", 2);
    await channel.call("channel.close", { replyCode: 200 });
    return (await session.channel()).count(queue);
  },
  "settling a noAck message is an error": async (session) => {
    const { channel, queue } = await filled(session, "a");
    await channel.call("basic.get", { queue, noAck: true });
    channel.send("basic.ack", { deliveryTag: 1n });
    return channel.outcome();
  },
  "acknowledged messages are gone": (session) =>
    afterTwo(session, (channel) => channel.send("basic.ack", { deliveryTag: 2n, multiple: true })),
  "acknowledging all with tag 0 takes all": (session) =>
    afterTwo(session, (channel) => channel.send("basic.ack", { deliveryTag: 0n, multiple: true })),
  "acknowledging tag 0 alone is an error": (session) =>
    afterTwo(session, (channel) => channel.send("basic.ack", { deliveryTag: 0n })),
  "acknowledging a tag that was never sent is an error": (session) =>
    afterTwo(session, (channel) => channel.send("basic.ack", { deliveryTag: 9n })),
  "acknowledging up to a tag that was never sent is an error": (session) =>
    afterTwo(session, (channel) => channel.send("basic.ack", { deliveryTag: 9n, multiple: true })),
  "acknowledging twice is an error": (session) =>
    afterTwo(session, (channel) => {
      channel.send("basic.ack", { deliveryTag: 1n });
      channel.send("basic.ack", { deliveryTag: 1n });
    }),
  "acknowledging up to a settled tag is an error": (session) =>
    afterTwo(session, (channel) => {
      channel.send("basic.ack", { deliveryTag: 1n });
      channel.send("basic.ack", { deliveryTag: 1n, multiple: true });
    }),
  "tag 0 with nothing unsettled is fine": async (session) => {
    const channel = await session.channel();
    channel.send("basic.ack", { deliveryTag: 0n, multiple: true });
    return channel.outcome();
  },
  "a rejected message goes back to its place": (session) =>
    afterTwo(session, (channel) => channel.send("basic.reject", { deliveryTag: 1n, requeue: true })),
  "nacked messages go back to their places": (session) =>
    afterTwo(session, (channel) =>
      channel.send("basic.nack", { deliveryTag: 2n, multiple: true, requeue: true }),
    ),
  "messages nacked one by one in the wrong order go back to their places": (session) =>
    afterTwo(session, (channel) => {
      channel.send("basic.nack", { deliveryTag: 2n, requeue: true });
      channel.send("basic.nack", { deliveryTag: 1n, requeue: true });
    }),
  "nacked messages without requeue and dead-letter exchange are gone": (session) =>
    afterTwo(session, (channel) => channel.send("basic.nack", { deliveryTag: 2n, multiple: true })),
  "recover sends everything back": (session) =>
    afterTwo(session, (channel) => channel.send("basic.recover", { requeue: true })),
  "recover without requeue is not implemented": async (session) =>
    (await session.channel()).call("basic.recover", { requeue: false }),
  "closing a channel gives its messages back in order": async (session) => {
    const { channel, queue } = await filled(session, "a", "b", "c", "d");
    await channel.call("basic.qos", { prefetchCount: 3 });
    await channel.call("basic.consume", { queue, consumerTag: "t" });
    await channel.nextMany("basic.deliver", 3);
    await channel.call("channel.close", { replyCode: 200 });
    const other = await session.channel();
    return (await other.drain(queue)).map(({ body, redelivered }) => [body, redelivered]);
  },
  "a lost connection gives its messages back": async (session) => {
    const connection = await session.connect();
    const { channel, queue } = await filled(session, "a", "b");
    const consumer = await connection.channel();
    await consumer.call("basic.consume", { queue, consumerTag: "t" });
    await consumer.nextMany("basic.deliver", 2);
    connection.destroy();
    await session.until(
      () => channel.count(queue),
      (count) => count === 2,
    );
    return (await channel.drain(queue)).map(({ body, redelivered }) => [body, redelivered]);
  },
  "a message nacked by one consumer comes back to it, marked": async (session) => {
    const { channel, queue } = await filled(session, "a");
    await channel.call("basic.consume", { queue, consumerTag: "t" });
    await channel.next("basic.deliver");
    channel.send("basic.nack", { deliveryTag: 1n, requeue: true });
    return channel.next("basic.deliver");
  },
  "prefetch limits each consumer": async (session) => {
    const { channel, queue } = await filled(session, "a", "b", "c", "d", "e");
    await channel.call("basic.qos", { prefetchCount: 2 });
    await channel.call("basic.consume", { queue, consumerTag: "one" });
    await channel.outcome();
    const first = await bodies(channel, 2);
    await channel.call("basic.consume", { queue, consumerTag: "two" });
    const second = await bodies(channel, 2);
    const waiting = await channel.count(queue);
    channel.send("basic.ack", { deliveryTag: 1n });
    return [first, second, waiting, await bodies(channel, 1), await channel.unread()];
  },
  "prefetch for the whole channel limits all its consumers together": async (session) => {
    const { channel, queue } = await filled(session, "a", "b", "c", "d");
    await channel.call("basic.qos", { prefetchCount: 2, global: true });
    await channel.call("basic.consume", { queue, consumerTag: "one" });
    await channel.call("basic.consume", { queue, consumerTag: "two" });
    const first = (await bodies(channel, 2)).length;
    const waiting = await channel.count(queue);
    channel.send("basic.ack", { deliveryTag: 2n, multiple: true });
    return [first, waiting, (await bodies(channel, 2)).length, await channel.count(queue)];
  },
  "a new prefetch does not change consumers that run": async (session) => {
    const { channel, queue } = await filled(session, "a", "b", "c");
    await channel.call("basic.qos", { prefetchCount: 1 });
    await channel.call("basic.consume", { queue, consumerTag: "one" });
    await channel.call("basic.qos", { prefetchCount: 3 });
    await bodies(channel, 1);
    return [await channel.count(queue), await channel.unread()];
  },
  "prefetch does not limit get": async (session) => {
    const { channel, queue } = await filled(session, "a", "b");
    await channel.call("basic.qos", { prefetchCount: 1 });
    return [
      (await channel.call("basic.get", { queue }))["body"],
      (await channel.call("basic.get", { queue }))["body"],
    ];
  },
  "a prefetch by size is not implemented": async (session) =>
    (await session.channel()).call("basic.qos", { prefetchSize: 1 }),
  "consumers of a queue take turns": async (session) => {
    const { channel, queue } = await filled(session);
    await channel.call("basic.consume", { queue, consumerTag: "one" });
    await channel.call("basic.consume", { queue, consumerTag: "two" });
    for (const body of ["a", "b", "c", "d"]) channel.publish({ key: queue, body });
    return bodies(channel, 4);
  },
  "a consumer of higher priority comes first": async (session) => {
    const { channel, queue } = await filled(session);
    await channel.call("basic.qos", { prefetchCount: 2 });
    await channel.call("basic.consume", { queue, consumerTag: "low" });
    const args = createTable({ "x-priority": 5 });
    await channel.call("basic.consume", { queue, consumerTag: "high", arguments: args });
    for (const body of ["a", "b", "c"]) channel.publish({ key: queue, body });
    return bodies(channel, 3);
  },
  "direct reply-to": async (session) =>
    (await session.channel()).call("basic.consume", { queue: "amq.rabbitmq.reply-to", noAck: true }),
  "a consumer priority that is no number is refused": async (session) => {
    const { channel, queue } = await filled(session);
    return channel.call("basic.consume", { queue, arguments: createTable({ "x-priority": "high" }) });
  },
};
