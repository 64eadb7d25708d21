import { createTable, type Plain } from "../../broker-wire/plain.ts";
import type { WireChannel } from "../../broker-wire/wire-channel.ts";
import type { Scenarios, Session } from "../scenario.ts";

async function exchange(session: Session, channel: WireChannel, label: string, args = {}): Promise<string> {
  const name = session.name(label);
  await channel.call("exchange.declare", { exchange: name, type: "direct", ...args });
  return name;
}

/** Publishes under each key to an exchange with one queue per pattern; says which queues got which keys. */
async function routes(session: Session, type: string, patterns: string[], keys: string[]): Promise<unknown> {
  const channel = await session.confirmChannel();
  const source = await exchange(session, channel, "source", { type });
  const queues: string[] = [];
  for (const [at, routingKey] of patterns.entries()) {
    const queue = await session.queue(channel, `q${at}`);
    await channel.call("queue.bind", { queue, exchange: source, routingKey });
    queues.push(queue);
  }
  for (const key of keys) channel.publish({ exchange: source, key, body: key });
  await channel.confirms();
  const got: Record<string, unknown> = {};
  for (const [at, queue] of queues.entries()) {
    got[`${at} ${patterns[at]}`] = (await channel.drain(queue)).map(({ body }) => body);
  }
  return got;
}

/** Which of the header sets reach a queue bound with these arguments. */
async function headerRoutes(session: Session, args: Record<string, Plain>): Promise<unknown> {
  const channel = await session.confirmChannel();
  const queue = await session.queue(channel, "q");
  const bound = await channel.call("queue.bind", {
    queue,
    exchange: "amq.headers",
    arguments: createTable(args),
  });
  const sets: Record<string, Plain>[] = [
    {},
    { a: 1 },
    { a: "1" },
    { a: 2 },
    { a: 1, b: "x" },
    { b: "x" },
    { a: 1, b: "y" },
    { "x-c": true },
    { a: null },
    { a: { type: "long", value: 1n } },
  ];
  for (const [at, headers] of sets.entries()) {
    channel.publish({ exchange: "amq.headers", body: String(at), properties: { headers } });
  }
  await channel.confirms();
  return [bound, (await channel.drain(queue)).map(({ body }) => body)];
}

export const exchanges: Scenarios = {
  "an exchange can be declared again with the same arguments": async (session) => {
    const channel = await session.channel();
    const name = await exchange(session, channel, "e", { durable: true });
    return channel.call("exchange.declare", { exchange: name, type: "direct", durable: true });
  },
  "an exchange declared again with another type is refused": async (session) => {
    const channel = await session.channel();
    const name = await exchange(session, channel, "e");
    return channel.call("exchange.declare", { exchange: name, type: "fanout" });
  },
  "an exchange declared again with another durability is refused": async (session) => {
    const channel = await session.channel();
    const name = await exchange(session, channel, "e");
    return channel.call("exchange.declare", { exchange: name, type: "direct", durable: true });
  },
  "an exchange declared again with another auto-delete is refused": async (session) => {
    const channel = await session.channel();
    const name = await exchange(session, channel, "e");
    return channel.call("exchange.declare", { exchange: name, type: "direct", autoDelete: true });
  },
  "an exchange declared again with another alternate exchange is refused": async (session) => {
    const channel = await session.channel();
    const name = await exchange(session, channel, "e");
    const args = createTable({ "alternate-exchange": "amq.fanout" });
    return channel.call("exchange.declare", { exchange: name, type: "direct", arguments: args });
  },
  "looking up a missing exchange fails": async (session) =>
    (await session.channel()).call("exchange.declare", { exchange: session.name("missing"), passive: true }),
  "looking up an exchange ignores its type": async (session) => {
    const channel = await session.channel();
    const name = await exchange(session, channel, "e");
    return channel.call("exchange.declare", { exchange: name, type: "topic", passive: true });
  },
  "an unknown exchange type is refused": async (session) =>
    (await session.channel()).call("exchange.declare", { exchange: session.name("e"), type: "no-such" }),
  "names that begin with amq. are reserved for exchanges": async (session) =>
    (await session.channel()).call("exchange.declare", { exchange: "amq.mine", type: "direct" }),
  "the default exchange cannot be declared": async (session) =>
    (await session.channel()).call("exchange.declare", { exchange: "", type: "direct" }),
  "the default exchange cannot be looked up": async (session) =>
    (await session.channel()).call("exchange.declare", { exchange: "", type: "direct", passive: true }),
  "the default exchange cannot be deleted": async (session) =>
    (await session.channel()).call("exchange.delete", { exchange: "" }),
  "a built-in exchange cannot be deleted": async (session) =>
    (await session.channel()).call("exchange.delete", { exchange: "amq.direct" }),
  "a built-in exchange can be declared as it is": async (session) =>
    (await session.channel()).call("exchange.declare", {
      exchange: "amq.topic",
      type: "topic",
      durable: true,
    }),
  "deleting a missing exchange succeeds": async (session) =>
    (await session.channel()).call("exchange.delete", { exchange: session.name("missing") }),
  "deleting an exchange in use is refused when asked so": async (session) => {
    const channel = await session.channel();
    const name = await exchange(session, channel, "e");
    const queue = await session.queue(channel, "q");
    await channel.call("queue.bind", { queue, exchange: name, routingKey: "k" });
    return channel.call("exchange.delete", { exchange: name, ifUnused: true });
  },
  "publishing to an internal exchange is refused": async (session) => {
    const channel = await session.channel();
    channel.publish({ exchange: await exchange(session, channel, "e", { internal: true }) });
    return channel.outcome();
  },
  "an auto-delete exchange goes with its last binding": async (session) => {
    const channel = await session.channel();
    const name = await exchange(session, channel, "e", { autoDelete: true });
    const queue = await session.queue(channel, "q");
    const bind = { queue, exchange: name, routingKey: "k" };
    await channel.call("queue.bind", bind);
    const before = await channel.call("exchange.declare", { exchange: name, passive: true });
    await channel.call("queue.unbind", bind);
    return [before, await channel.call("exchange.declare", { exchange: name, passive: true })];
  },
  "an auto-delete exchange goes with the queue it was bound to": async (session) => {
    const channel = await session.channel();
    const name = await exchange(session, channel, "e", { autoDelete: true });
    const queue = await session.queue(channel, "q");
    await channel.call("queue.bind", { queue, exchange: name });
    await channel.call("queue.delete", { queue });
    return channel.call("exchange.declare", { exchange: name, passive: true });
  },
  "unroutable messages take the alternate exchange": async (session) => {
    const channel = await session.confirmChannel();
    const other = await exchange(session, channel, "other", { type: "fanout" });
    const args = createTable({ "alternate-exchange": other });
    const name = await exchange(session, channel, "e", { arguments: args });
    const [queue, spare] = [await session.queue(channel, "q"), await session.queue(channel, "spare")];
    await channel.call("queue.bind", { queue, exchange: name, routingKey: "k" });
    await channel.call("queue.bind", { queue: spare, exchange: other });
    channel.publish({ exchange: name, key: "k", body: "known", mandatory: true });
    channel.publish({ exchange: name, key: "x", body: "unknown", mandatory: true });
    await channel.confirms();
    return [await channel.drain(queue), await channel.drain(spare), await channel.unread()];
  },
  "bindings between exchanges route on, also in a circle": async (session) => {
    const channel = await session.confirmChannel();
    const [one, two] = [await exchange(session, channel, "one"), await exchange(session, channel, "two")];
    await channel.call("exchange.bind", { source: one, destination: two, routingKey: "k" });
    await channel.call("exchange.bind", { source: two, destination: one, routingKey: "k" });
    const queue = await session.queue(channel, "q");
    await channel.call("queue.bind", { queue, exchange: two, routingKey: "k" });
    await channel.call("queue.bind", { queue, exchange: one, routingKey: "k" });
    channel.publish({ exchange: one, key: "k", body: "once" });
    await channel.confirms();
    const got = await channel.drain(queue);
    const unbound = await channel.call("exchange.unbind", { source: one, destination: two, routingKey: "k" });
    return [got, unbound];
  },
  "binding to the default exchange is refused": async (session) => {
    const channel = await session.channel();
    const queue = await session.queue(channel, "q");
    return channel.call("queue.bind", { queue, exchange: "", routingKey: "k" });
  },
  "binding to a missing exchange fails": async (session) => {
    const channel = await session.channel();
    const queue = await session.queue(channel, "q");
    return channel.call("queue.bind", { queue, exchange: session.name("missing"), routingKey: "k" });
  },
  "binding a missing queue fails": async (session) =>
    (await session.channel()).call("queue.bind", { queue: session.name("missing"), exchange: "amq.direct" }),
  "taking away a binding that is not there succeeds": async (session) => {
    const channel = await session.channel();
    const queue = await session.queue(channel, "q");
    return [
      await channel.call("queue.unbind", { queue, exchange: "amq.direct", routingKey: "k" }),
      await channel.call("queue.unbind", { queue, exchange: session.name("missing"), routingKey: "k" }),
    ];
  },
  "a direct exchange routes by the whole key": (session) =>
    routes(session, "direct", ["a", "a.b", "*", "", "A"], ["a", "a.b", "b", "", "*"]),
  "a fanout exchange ignores keys": (session) => routes(session, "fanout", ["a", ""], ["a", "b", ""]),
  "a topic exchange routes by words": (session) =>
    routes(
      session,
      "topic",
      [
        "#",
        "*",
        "a.*",
        "a.#",
        "*.b",
        "#.b",
        "a.*.c",
        "a.#.c",
        "#.b.#",
        "*.#",
        "#.*",
        "",
        "a..b",
        "a.#.#",
        "a.*.#.c",
      ],
      ["", "a", "b", "a.b", "a.c", "a.b.c", "a.x.b.c", "a..b", ".", "a.", ".b", "b.b", "a.b.b"],
    ),
  "a headers exchange matches all headers": (session) =>
    headerRoutes(session, { "x-match": "all", a: 1, b: "x" }),
  "a headers exchange matches any header": (session) =>
    headerRoutes(session, { "x-match": "any", a: 1, b: "x" }),
  "a headers exchange matches all without being told": (session) => headerRoutes(session, { a: 1 }),
  "a headers exchange ignores x- headers unless told": (session) =>
    headerRoutes(session, { "x-match": "any", "x-c": true }),
  "a headers exchange looks at x- headers when told": (session) =>
    headerRoutes(session, { "x-match": "any-with-x", "x-c": true }),
  "a void value matches any value of a header": (session) => headerRoutes(session, { a: null }),
  "no pattern at all matches with all, not with any": async (session) => [
    await headerRoutes(session, { "x-match": "all" }),
    await headerRoutes(session, { "x-match": "any" }),
  ],
  "an unknown x-match is refused": async (session) => {
    const channel = await session.channel();
    const queue = await session.queue(channel, "q");
    const args = createTable({ "x-match": "some" });
    return channel.call("queue.bind", { queue, exchange: "amq.headers", arguments: args });
  },
  "two matching bindings deliver one copy": async (session) => {
    const channel = await session.confirmChannel();
    const queue = await session.queue(channel, "q");
    for (const routingKey of ["a.*", "*.b"]) {
      await channel.call("queue.bind", { queue, exchange: "amq.topic", routingKey });
    }
    channel.publish({ exchange: "amq.topic", key: "a.b", body: "x" });
    await channel.confirms();
    return channel.drain(queue);
  },
};
