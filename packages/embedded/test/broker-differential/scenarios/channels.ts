import { createBodyFrames, createHeaderFrame } from "../../../src/broker/codec/frame.ts";
import type { Scenarios } from "../scenario.ts";

const noProperties = Buffer.from([0, 0]);

export const channels: Scenarios = {
  "opening an open channel closes the connection": async (session) =>
    (await session.channel()).call("channel.open"),
  "a method on a channel that was never opened closes the connection": async (session) => {
    const connection = await session.connect();
    return connection.unopened(5).call("queue.declare", { queue: "q" });
  },
  "a closed channel's number can be used again": async (session) => {
    const connection = await session.connect();
    const channel = await connection.channel(1);
    return [
      await channel.call("channel.close", { replyCode: 200 }),
      await channel.call("channel.open"),
      await channel.outcome(),
    ];
  },
  "an error closes only its channel": async (session) => {
    const connection = await session.connect();
    const [bad, good] = [await connection.channel(), await connection.channel()];
    return [await bad.call("queue.purge", { queue: session.name("missing") }), await good.outcome()];
  },
  "a channel closed by an error can be opened again": async (session) => {
    const connection = await session.connect();
    const bad = await connection.channel(1);
    const closed = await bad.call("queue.purge", { queue: session.name("missing") });
    bad.closure = undefined;
    return [closed, await bad.call("channel.open"), await bad.outcome()];
  },
  "pausing a channel is not implemented": async (session) =>
    (await session.channel()).call("channel.flow", { active: false }),
  "resuming a channel is answered": async (session) =>
    (await session.channel()).call("channel.flow", { active: true }),
  "access.request is answered": async (session) => {
    const answer = await (await session.channel()).call("access.request", { realm: "/data" });
    return answer["method"];
  },
  "a method between publish and its content closes the connection": async (session) => {
    const channel = await session.channel();
    channel.send("basic.publish", { routingKey: "x" });
    const closed = await channel.call("queue.declare", { queue: session.name("q") });
    return { ...closed, text: "" };
  },
  "a content header without publish closes the connection": async (session) => {
    const connection = await session.connect();
    const channel = await connection.channel();
    connection.sendBytes(createHeaderFrame(1, 0, noProperties));
    return { ...(await channel.call("channel.flow", { active: true })), text: "" };
  },
  "a content body without header closes the connection": async (session) => {
    const connection = await session.connect();
    const channel = await connection.channel();
    channel.send("basic.publish", { routingKey: "x" });
    connection.sendBytes(createBodyFrames(1, Buffer.from("x"), 4096)[0] ?? Buffer.alloc(0));
    return { ...(await channel.call("channel.flow", { active: true })), text: "" };
  },
  "a body longer than announced closes the connection": async (session) => {
    const connection = await session.connect();
    const channel = await connection.channel();
    channel.send("basic.publish", { routingKey: "x" });
    connection.sendBytes(createHeaderFrame(1, 2, noProperties));
    connection.sendBytes(createBodyFrames(1, Buffer.from("xyz"), 4096)[0] ?? Buffer.alloc(0));
    const closed = await channel.call("channel.flow", { active: true });
    return { ...closed, text: "" };
  },
  transactions: async (session) => (await session.channel()).call("tx.select"),
  "publisher confirms can be selected twice": async (session) => {
    const channel = await session.channel();
    return [await channel.call("confirm.select"), await channel.call("confirm.select")];
  },
  "noWait methods have no answer": async (session) => {
    const channel = await session.channel();
    const queue = session.name("q");
    channel.send("queue.declare", { queue, noWait: true });
    channel.send("queue.bind", { queue, exchange: "amq.direct", routingKey: "k", noWait: true });
    channel.send("queue.purge", { queue, noWait: true });
    channel.send("basic.consume", { queue, consumerTag: "t", noWait: true });
    channel.send("basic.cancel", { consumerTag: "t", noWait: true });
    channel.send("queue.delete", { queue, noWait: true });
    return channel.unread();
  },
};
