import type { Plain } from "../../broker-wire/plain.ts";
import type { Scenarios, Session } from "../scenario.ts";

/** What publishing with these properties does to the channel. */
async function published(session: Session, properties: object): Promise<unknown> {
  const channel = await session.channel();
  const queue = await session.queue(channel, "q");
  channel.publish({ key: queue, properties });
  return channel.outcome();
}

const everyType: Record<string, Plain> = {
  text: "ü",
  empty: "",
  yes: true,
  no: false,
  nothing: null,
  byte: { type: "byte", value: -5 },
  unsignedbyte: { type: "unsignedbyte", value: 250 },
  short: { type: "short", value: -300 },
  unsignedshort: { type: "unsignedshort", value: 60_000 },
  int: -70_000,
  unsignedint: { type: "unsignedint", value: 4_000_000_000 },
  long: { type: "long", value: -(2n ** 60n) },
  float: { type: "float", value: 0.5 },
  double: { type: "double", value: Math.PI },
  decimal: { type: "decimal", value: { scale: 2, digits: 314 } },
  time: { type: "timestamp", value: 1_700_000_000n },
  bytes: { type: "binary", value: "\u0000\u00ff" },
  list: [1, "two", [true], { three: 3 }],
  table: { a: { b: { c: "deep" } } },
};

export const publishing: Scenarios = {
  "publishing to a missing exchange closes the channel": async (session) => {
    const channel = await session.channel();
    channel.publish({ exchange: session.name("missing") });
    return channel.outcome();
  },
  "an unroutable message is dropped and confirmed": async (session) => {
    const channel = await session.confirmChannel();
    channel.publish({ key: session.name("nowhere") });
    return [await channel.confirms(), await channel.unread()];
  },
  "an unroutable mandatory message is returned before its confirm": async (session) => {
    const channel = await session.confirmChannel();
    channel.publish({
      key: session.name("nowhere"),
      body: "x",
      mandatory: true,
      properties: { messageId: "m", headers: { a: 1 } },
    });
    await channel.outcome();
    const returned = await channel.next("basic.return");
    return [returned, await channel.next("basic.ack")];
  },
  "a routable mandatory message is not returned": async (session) => {
    const channel = await session.confirmChannel();
    const queue = await session.queue(channel, "q");
    channel.publish({ key: queue, mandatory: true });
    return [await channel.confirms(), await channel.unread()];
  },
  "a mandatory message to an exchange without bindings is returned": async (session) => {
    const channel = await session.channel();
    const exchange = session.name("e");
    await channel.call("exchange.declare", { exchange, type: "topic" });
    channel.publish({ exchange, key: "a.b", body: "x", mandatory: true });
    return channel.next("basic.return");
  },
  "immediate publishing is not implemented": async (session) => {
    const channel = await session.channel();
    channel.publish({ key: "x", immediate: true });
    return channel.outcome();
  },
  "every message is confirmed once": async (session) => {
    const channel = await session.confirmChannel();
    const queue = await session.queue(channel, "q");
    for (let at = 0; at < 200; at++) channel.publish({ key: queue, body: String(at) });
    const confirms = await channel.confirms();
    return [confirms.length, new Set(confirms).size, await channel.count(queue)];
  },
  "without confirm mode nothing is confirmed": async (session) => {
    const channel = await session.channel();
    channel.publish({ key: await session.queue(channel, "q") });
    return channel.unread();
  },
  "a message keeps its bytes, an empty one too": async (session) => {
    const channel = await session.confirmChannel();
    const queue = await session.queue(channel, "q");
    channel.publish({ key: queue, body: "" });
    channel.publish({ key: queue, body: "übung" });
    await channel.confirms();
    return channel.drain(queue);
  },
  "a message of several frames arrives whole": async (session) => {
    const channel = await session.confirmChannel();
    const queue = await session.queue(channel, "q");
    channel.publish({ key: queue, body: Buffer.alloc(400_000, "ab") });
    await channel.confirms();
    return channel.drain(queue);
  },
  "a message over 16 MiB": async (session) => {
    const channel = await session.confirmChannel();
    const queue = await session.queue(channel, "q");
    channel.publish({ key: queue, body: Buffer.alloc(16 * 1024 * 1024 + 1) });
    return channel.outcome();
  },
  "every property arrives": async (session) => {
    const channel = await session.confirmChannel();
    const queue = await session.queue(channel, "q");
    channel.publish({
      key: queue,
      properties: {
        contentType: "application/json",
        contentEncoding: "gzip",
        headers: {},
        deliveryMode: 2,
        priority: 255,
        correlationId: "c",
        replyTo: "somewhere",
        expiration: "60000",
        messageId: "m",
        timestamp: 18_446_744_073_709_551_615n,
        type: "t",
        userId: "guest",
        appId: "a",
        clusterId: "x",
      },
    });
    await channel.confirms();
    return channel.drain(queue);
  },
  "headers of every type arrive": async (session) => {
    const channel = await session.confirmChannel();
    const queue = await session.queue(channel, "q");
    channel.publish({ key: queue, properties: { headers: everyType } });
    await channel.confirms();
    return channel.drain(queue);
  },
  "a property block cut short closes the connection": async (session) => {
    const channel = await session.channel();
    channel.publish({ key: await session.queue(channel, "q"), rawProperties: Buffer.from([0x80, 0, 9, 65]) });
    const closed = await channel.outcome();
    return typeof closed === "string" ? closed : closed["closed"];
  },
  "an expiration that is no number is refused": (session) => published(session, { expiration: "soon" }),
  "an expiration with a unit is refused": (session) => published(session, { expiration: "10s" }),
  "a negative expiration is refused": (session) => published(session, { expiration: "-1" }),
  "an empty expiration is refused": (session) => published(session, { expiration: "" }),
  "an expiration too far away is refused": (session) => published(session, { expiration: "99999999999999" }),
  "a message in another user's name is refused": (session) => published(session, { userId: "somebody" }),
  "keys in CC and BCC get copies, and BCC is taken out": async (session) => {
    const channel = await session.confirmChannel();
    const [to, cc, bcc] = [
      await session.queue(channel, "to"),
      await session.queue(channel, "cc"),
      await session.queue(channel, "bcc"),
    ];
    channel.publish({ key: to, body: "x", properties: { headers: { CC: [cc], BCC: [bcc], other: 1 } } });
    await channel.confirms();
    return [await channel.drain(to), await channel.drain(cc), await channel.drain(bcc)];
  },
  "a CC that is no list is refused": (session) => published(session, { headers: { CC: "not a list" } }),
  "reply-to without a waiting consumer": (session) =>
    published(session, { replyTo: "amq.rabbitmq.reply-to" }),
};
