import { once } from "node:events";
import { connect, type Message } from "amqplib";
import { describe, expect, it } from "vitest";
import { claimPort } from "../src/ports.ts";
import { createBench, drainQueue, startConsumer } from "./broker-client.ts";

const bench = createBench();

describe("the amqplib driver on the embedded broker", () => {
  it("connects, sees which broker it is, and closes", async () => {
    const broker = await bench.start();
    const connection = await bench.connect(broker);
    expect(connection.connection.serverProperties.product).toBe("Tracebridge embedded broker");
    expect(broker.url).toBe(`amqp://guest:guest@127.0.0.1:${broker.port}`);
    const closed = once(connection, "close");
    await connection.close();
    await closed;
  });

  it("is told when its password is wrong", async () => {
    const broker = await bench.start();
    const url = broker.url.replace("guest:guest", "guest:wrong");
    await expect(connect(url)).rejects.toThrow(/ACCESS.REFUSED/);
  });

  it("passes a message with every property unchanged", async () => {
    const channel = await bench.channel(await bench.start());
    await channel.assertQueue("orders");
    const properties = {
      contentType: "application/json",
      messageId: "m-1",
      correlationId: "c",
      timestamp: 1_700_000_000,
      appId: "web",
      type: "order",
      deliveryMode: 2,
      headers: {
        traceparent: "00-aa-bb-01",
        baggage: "orderId=ü",
        "sentry-trace": "x",
        attempt: 3,
        list: [1, "b"],
      },
    };
    channel.sendToQueue("orders", Buffer.from("{}"), properties);
    await channel.waitForConfirms();
    const message = await channel.get("orders");
    expect(message).toMatchObject({
      properties,
      fields: { exchange: "", routingKey: "orders", redelivered: false },
    });
  });

  it("gets every publish confirmed", async () => {
    const channel = await bench.channel(await bench.start());
    await channel.assertQueue("orders");
    const confirmed: number[] = [];
    for (let at = 0; at < 500; at++) {
      channel.sendToQueue("orders", Buffer.from(String(at)), {}, (error) => {
        if (error === null) confirmed.push(at);
      });
    }
    await channel.waitForConfirms();
    expect(confirmed).toHaveLength(500);
    expect(await drainQueue(channel, "orders")).toEqual(Array.from({ length: 500 }, (_, at) => String(at)));
  });

  it("gets a mandatory message without a queue returned before its confirm", async () => {
    const channel = await bench.channel(await bench.start());
    const order: string[] = [];
    channel.on("return", (message: Message) => order.push(`returned ${message.content.toString()}`));
    channel.publish("", "nowhere", Buffer.from("lost"), { mandatory: true }, () => order.push("confirmed"));
    await channel.waitForConfirms();
    expect(order).toEqual(["returned lost", "confirmed"]);
  });

  it("gets nacked messages again, marked, at their old places", async () => {
    const channel = await bench.channel(await bench.start());
    await channel.assertQueue("orders");
    for (const body of ["a", "b", "c"]) channel.sendToQueue("orders", Buffer.from(body));
    await channel.waitForConfirms();
    const [first, second] = [await channel.get("orders"), await channel.get("orders")];
    if (first === false || second === false) throw new Error("two messages expected");
    channel.nack(second);
    channel.nack(first);
    const again = await channel.get("orders");
    expect(again).toMatchObject({ fields: { redelivered: true } });
    if (again !== false) channel.nack(again);
    expect(await drainQueue(channel, "orders")).toEqual(["a", "b", "c"]);
  });

  it("holds no more unsettled messages than its prefetch", async () => {
    const channel = await bench.channel(await bench.start());
    await channel.assertQueue("orders");
    for (const body of ["a", "b", "c"]) channel.sendToQueue("orders", Buffer.from(body));
    await channel.waitForConfirms();
    await channel.prefetch(2);
    const next = await startConsumer(channel, "orders");
    const [first, second] = [await next(), await next()];
    expect(await channel.checkQueue("orders")).toMatchObject({ messageCount: 1 });
    channel.ack(first);
    expect((await next()).content.toString()).toBe("c");
    channel.ack(second);
  });

  it("goes through retry and dead-letter queues as the services do", async () => {
    const channel = await bench.channel(await bench.start());
    await channel.assertQueue("orders", { deadLetterExchange: "", deadLetterRoutingKey: "orders.retry" });
    await channel.assertQueue("orders.retry", {
      messageTtl: 20,
      deadLetterExchange: "",
      deadLetterRoutingKey: "orders",
    });
    const next = await startConsumer(channel, "orders");
    channel.sendToQueue("orders", Buffer.from("job"), { messageId: "m" });
    for (let attempt = 0; attempt < 3; attempt++) channel.reject(await next(), false);
    const last = await next();
    const deaths = last.properties.headers?.["x-death"];
    expect(deaths).toMatchObject([
      { count: 3, reason: "expired", queue: "orders.retry", "routing-keys": ["orders.retry"] },
      { count: 3, reason: "rejected", queue: "orders", "routing-keys": ["orders"] },
    ]);
    expect(last.properties.messageId).toBe("m");
    channel.ack(last);
  });

  it("hands its unsettled messages back when it dies", async () => {
    const broker = await bench.start();
    const channel = await bench.channel(broker);
    await channel.assertQueue("orders");
    for (const body of ["a", "b"]) channel.sendToQueue("orders", Buffer.from(body));
    await channel.waitForConfirms();
    const dying = await bench.connect(broker);
    const consumer = await startConsumer(await dying.createChannel(), "orders");
    await consumer();
    await consumer();
    await dying.close();
    expect(await drainQueue(channel, "orders")).toEqual(["a", "b"]);
  });

  it("learns that its queue was deleted", async () => {
    const broker = await bench.start();
    const [channel, other] = [await bench.channel(broker), await bench.channel(broker)];
    await channel.assertQueue("orders");
    const cancelled = new Promise((resolve) => {
      void channel.consume("orders", resolve);
    });
    await other.checkQueue("orders");
    await expect.poll(async () => (await other.checkQueue("orders")).consumerCount).toBe(1);
    await other.deleteQueue("orders");
    expect(await cancelled).toBeNull();
  });

  it("is refused what the broker does not have, and the connection lives on", async () => {
    const broker = await bench.start();
    const connection = await bench.connect(broker);
    for (const args of [
      { "x-queue-type": "quorum" },
      { "x-max-priority": 3 },
      { "x-single-active-consumer": true },
    ]) {
      const channel = await connection.createChannel();
      channel.on("error", () => undefined);
      await expect(channel.assertQueue("q", { arguments: args })).rejects.toThrow(
        /PRECONDITION_FAILED.*embedded broker/,
      );
    }
    const channel = await connection.createChannel();
    expect(await channel.assertQueue("q")).toMatchObject({ queue: "q" });
  });

  it("is told when the broker ends", async () => {
    const broker = await bench.start({ port: await claimPort() });
    const connection = await bench.connect(broker);
    const closed = once(connection, "close");
    await broker.close();
    expect(String((await closed)[0])).toContain("CONNECTION_FORCED");
    await expect(connect(broker.url)).rejects.toThrow("ECONNREFUSED");
  });
});

describe("a broker that cannot start", () => {
  it("says that the port is in use", async () => {
    const broker = await bench.start();
    await expect(bench.start({ port: broker.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it("listens on loopback only", async () => {
    await expect(bench.start({ host: "0.0.0.0" })).rejects.toThrow(
      "the embedded broker listens on loopback addresses only, not on 0.0.0.0",
    );
  });
});
