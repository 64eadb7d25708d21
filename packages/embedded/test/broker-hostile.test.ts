import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { protocolHeader } from "../src/broker/codec/frame.ts";
import { defaultLimits } from "../src/broker/limits.ts";
import { createBench } from "./broker-client.ts";
import { WireConnection, type Received } from "./broker-wire/wire-connection.ts";

const bench = createBench();

const isEnd = ({ ended }: Received): boolean => ended === true;

/** Bytes that are wrong once the connection is open, and the code the client is told. */
const hostileFrames: [string, number, Buffer][] = [
  ["a frame announced as 4 GB", 501, Buffer.from([1, 0, 1, 0xff, 0xff, 0xff, 0xff])],
  ["a frame without its end octet", 501, Buffer.from([8, 0, 0, 0, 0, 0, 0, 0])],
  ["a frame of an unknown type", 501, Buffer.from([9, 0, 1, 0, 0, 0, 0, 0xce])],
  ["an unknown method", 503, Buffer.from([1, 0, 1, 0, 0, 0, 4, 0, 1, 0, 1, 0xce])],
  ["a method of no bytes", 501, Buffer.from([1, 0, 1, 0, 0, 0, 0, 0xce])],
  ["a body on a channel that is not open", 504, Buffer.from([3, 0, 9, 0, 0, 0, 1, 65, 0xce])],
  [
    "a handshake method in the middle",
    503,
    Buffer.from([1, 0, 0, 0, 0, 0, 12, 0, 10, 0, 31, 0, 0, 0, 0, 0, 0, 0, 0, 0xce]),
  ],
];

describe("hostile clients of the embedded broker", () => {
  it.for(hostileFrames)("%s closes that connection and no other", async ([, code, bytes]) => {
    const broker = await bench.start({ limits: { closeTimeoutMillis: 100 } });
    const bystander = await bench.channel(broker);
    await bystander.assertQueue("orders");
    const hostile = await WireConnection.open(broker.url);
    await hostile.channel();
    hostile.sendBytes(bytes);
    const { method } = await hostile.next(0);
    expect(method).toMatchObject({ name: "connection.close", args: { replyCode: code } });
    await hostile.next(0, isEnd);
    expect(await bystander.checkQueue("orders")).toMatchObject({ queue: "orders" });
  });

  it("with a message larger than allowed lose their channel before they send it", async () => {
    const broker = await bench.start({ limits: { maxBodyBytes: 1000 } });
    const channel = await bench.channel(broker);
    channel.publish("", "q", Buffer.alloc(1001));
    await expect
      .poll(() => bench.errors.map(String))
      .toEqual([expect.stringContaining("message size 1001 is larger than configured max size 1000")]);
  });

  it("that send nothing are cut off", async () => {
    const broker = await bench.start({ limits: { handshakeTimeoutMillis: 50 } });
    const silent = await WireConnection.raw(broker.url);
    expect(await silent.next(0)).toMatchObject({ ended: true });
  });

  it("that stop after the protocol header are cut off", async () => {
    const broker = await bench.start({ limits: { handshakeTimeoutMillis: 50 } });
    const silent = await WireConnection.raw(broker.url);
    silent.sendProtocolHeader();
    await silent.next(0);
    expect(await silent.next(0)).toMatchObject({ ended: true });
  });

  it("that never answer connection.close are cut off", async () => {
    const broker = await bench.start({ limits: { closeTimeoutMillis: 50 } });
    const deaf = await WireConnection.raw(broker.url);
    deaf.sendBytes(Buffer.concat([protocolHeader, Buffer.from("bytes that are no frame")]));
    expect(await deaf.next(0, isEnd)).toMatchObject({ ended: true });
  });

  it("with bytes at random never end the broker", { timeout: 60_000 }, async () => {
    const broker = await bench.start({ limits: { closeTimeoutMillis: 20 } });
    const frame = fc
      .tuple(fc.constantFrom(1, 2, 3, 4, 8), fc.integer({ min: 0, max: 2 }), fc.uint8Array({ maxLength: 40 }))
      .map(([type, channel, payload]) => {
        const head = Buffer.from([type, 0, channel, 0, 0, 0, payload.length]);
        return Buffer.concat([head, payload, Buffer.from([0xce])]);
      });
    const methods = fc
      .tuple(
        fc.constantFrom(10, 20, 40, 50, 60, 85),
        fc.integer({ min: 1, max: 12 }),
        fc.uint8Array({ maxLength: 30 }),
      )
      .map(([classNumber, method, rest]) => {
        const payload = Buffer.concat([Buffer.from([0, classNumber, 0, method * 10]), rest]);
        return Buffer.concat([Buffer.from([1, 0, 1, 0, 0, 0, payload.length]), payload, Buffer.from([0xce])]);
      });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(frame, methods), { minLength: 1, maxLength: 5 }), async (frames) => {
        const connection = await WireConnection.open(broker.url);
        await connection.channel();
        connection.sendBytes(Buffer.concat(frames));
        connection.destroy();
      }),
      { numRuns: 200 },
    );
    const channel = await bench.channel(broker);
    expect(await channel.assertQueue("still-there")).toMatchObject({ queue: "still-there" });
  });
});

describe("limits of the embedded broker", () => {
  it("are those of RabbitMQ 4", () => {
    expect(defaultLimits).toMatchObject({
      channelMax: 2047,
      maxFrameBytes: 131_072,
      maxBodyBytes: 16_777_216,
    });
  });

  it("let a slow consumer wait instead of filling its socket", async () => {
    const broker = await bench.start({ limits: { congestedAtBytes: 10_000 } });
    const channel = await bench.channel(broker);
    await channel.assertQueue("big");
    const slow = await WireConnection.open(broker.url);
    const slowChannel = await slow.channel();
    await slowChannel.call("basic.consume", { queue: "big", noAck: true });
    slow.pause();
    for (let at = 0; at < 200; at++) channel.sendToQueue("big", Buffer.alloc(200_000));
    await channel.waitForConfirms();
    expect((await channel.checkQueue("big")).messageCount).toBeGreaterThan(0);
    slow.resume();
    await slowChannel.nextMany("basic.deliver", 200);
    expect(await channel.checkQueue("big")).toMatchObject({ messageCount: 0 });
    slow.destroy();
  });
});

describe("heartbeats of the embedded broker", () => {
  it("come when nothing else is sent", async () => {
    const broker = await bench.start();
    const connection = await WireConnection.open(broker.url, { heartbeat: 1 });
    expect(await connection.next(0, () => true)).toMatchObject({ heartbeat: true });
    connection.destroy();
  });

  it("missed for two intervals end the connection and give its messages back", async () => {
    const broker = await bench.start();
    const channel = await bench.channel(broker);
    await channel.assertQueue("orders");
    channel.sendToQueue("orders", Buffer.from("x"));
    await channel.waitForConfirms();
    const silent = await WireConnection.open(broker.url, { heartbeat: 1 });
    await (await silent.channel()).call("basic.get", { queue: "orders" });
    await silent.next(0, isEnd);
    expect(await channel.get("orders")).toMatchObject({ fields: { redelivered: true } });
  });

  it("keep a quiet driver connected", async () => {
    const broker = await bench.start();
    const connection = await bench.connect(broker, "?heartbeat=1");
    const channel = await connection.createChannel();
    const watch = await WireConnection.open(broker.url, { heartbeat: 1 });
    // The watch sends nothing and is cut off after more than two intervals; the driver answers and stays.
    await watch.next(0, isEnd);
    expect(await channel.assertQueue("q")).toMatchObject({ queue: "q" });
  });
});
