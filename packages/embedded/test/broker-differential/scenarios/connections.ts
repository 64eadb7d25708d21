import { createMethodFrame } from "../../../src/broker/codec/frame.ts";
import { observe } from "../../broker-wire/wire-channel.ts";
import type { WireConnection } from "../../broker-wire/wire-connection.ts";
import type { Scenarios, Session } from "../scenario.ts";

/** What the server answers to a whole handshake with these options. */
async function handshake(session: Session, options: object): Promise<unknown> {
  const connection = await session.raw();
  return observe(await connection.handshake(options));
}

/** What comes after these bytes, once the connection is open: the close and its code, or the end of the socket. */
async function afterBytes(
  session: Session,
  createBytes: (connection: WireConnection) => Buffer,
): Promise<unknown> {
  const connection = await session.connect();
  await connection.channel();
  connection.sendBytes(createBytes(connection));
  return observe(await connection.next(0, ({ method }) => method?.name === "connection.close"));
}

export const connections: Scenarios = {
  "the server offers its limits and the capabilities clients look for": async (session) => {
    const connection = await session.raw();
    connection.sendProtocolHeader();
    const { method } = await connection.next(0);
    if (method?.name !== "connection.start") return method?.name;
    const capabilities = method.args.serverProperties.get("capabilities");
    const names = [
      "publisher_confirms",
      "exchange_exchange_bindings",
      "basic.nack",
      "consumer_cancel_notify",
      "consumer_priorities",
      "authentication_failure_close",
      "per_consumer_qos",
    ];
    const offered = capabilities?.type === "table" ? capabilities.value : new Map();
    connection.send(0, "connection.start-ok", {
      mechanism: "PLAIN",
      response: "\0guest\0guest",
      locale: "en_US",
    });
    return [
      method.args.versionMajor,
      method.args.versionMinor,
      method.args.locales,
      names.map((name) => [name, offered.get(name)?.value]),
      observe(await connection.next(0)),
    ];
  },
  "a wrong password is refused with a reason to clients that can read it": (session) =>
    handshake(session, { password: "wrong" }),
  "a wrong password cuts off clients that cannot read a reason": (session) =>
    handshake(session, { password: "wrong", capabilities: {} }),
  "an unknown user is refused": (session) => handshake(session, { user: "nobody" }),
  "an unknown virtual host is refused": (session) => handshake(session, { vhost: "elsewhere" }),
  "an unknown mechanism is refused": (session) => handshake(session, { mechanism: "NOSUCH" }),
  "AMQPLAIN is understood": (session) =>
    handshake(session, {
      mechanism: "AMQPLAIN",
      response: "\u0005LOGINS\0\0\0\u0005guest\u0008PASSWORDS\0\0\0\u0005guest",
    }),
  "a frame size below 4096 is refused": (session) => handshake(session, { frameMax: 4095 }),
  "a frame size above the server's is refused": (session) => handshake(session, { frameMax: 131_073 }),
  "a channel number limit above the server's is refused": (session) =>
    handshake(session, { channelMax: 2048 }),
  "limits of 0, which is no limit, are refused": (session) =>
    handshake(session, { channelMax: 0, frameMax: 0 }),
  "another protocol gets the server's protocol header": async (session) => {
    const connection = await session.raw();
    connection.sendBytes(Buffer.from("AMQP\u0000\u0000\u0009\u0002", "latin1"));
    return [observe(await connection.next(0)), observe(await connection.next(0))];
  },
  "an HTTP request gets the server's protocol header": async (session) => {
    const connection = await session.raw();
    connection.sendBytes(Buffer.from("GET / HTTP/1.1\r\n\r\n"));
    return [observe(await connection.next(0)), observe(await connection.next(0))];
  },
  "heartbeats come at the agreed interval": async (session) => {
    const connection = await session.connect({ heartbeat: 1 });
    return observe(await connection.next(0, () => true));
  },
  "close is answered with close-ok": async (session) => {
    const connection = await session.connect();
    connection.send(0, "connection.close", { replyCode: 200, replyText: "bye" });
    return observe(await connection.next(0));
  },
  "one channel more than agreed closes the connection": async (session) => {
    const connection = await session.connect({ channelMax: 2 });
    const outcomes: unknown[] = [];
    for (const number of [7, 1, 5]) outcomes.push(await connection.unopened(number).call("channel.open"));
    return outcomes;
  },
  "a frame larger than agreed closes the connection": async (session) => {
    const connection = await session.connect({ frameMax: 4096 });
    await connection.channel();
    const head = Buffer.from([1, 0, 1, 0, 0, 0x20, 0]);
    connection.sendBytes(Buffer.concat([head, Buffer.alloc(8193)]));
    const { method } = await connection.next(0);
    return method?.name === "connection.close" ? method.args.replyCode : "not closed";
  },
  "a frame without its end octet closes the connection": async (session) => {
    const frame = createMethodFrame(1, "channel.flow", { active: true });
    frame[frame.length - 1] = 0;
    const closed = (await afterBytes(session, () => frame)) as Record<string, unknown>;
    return [closed["closed"], closed["code"]];
  },
  "an unknown frame type closes the connection": async (session) => {
    const closed = await afterBytes(session, () => Buffer.from([7, 0, 1, 0, 0, 0, 0, 0xce]));
    return { ...(closed as object), text: "" };
  },
  "an unknown method closes the connection": async (session) => {
    const bytes = Buffer.from([1, 0, 1, 0, 0, 0, 4, 0, 99, 0, 99, 0xce]);
    const closed = await afterBytes(session, () => bytes);
    return { ...(closed as object), text: "" };
  },
  "a method cut short closes the connection": async (session) => {
    const bytes = Buffer.from([1, 0, 1, 0, 0, 0, 5, 0, 50, 0, 10, 0, 0xce]);
    const closed = await afterBytes(session, () => bytes);
    return { ...(closed as object), text: "" };
  },
};
