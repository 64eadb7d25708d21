import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startBroker, type Broker } from "../../src/broker/index.ts";
import { createRecordingLogger } from "../support/log.ts";
import { startProxy } from "../support/proxy.ts";
import { openTestQueues, type TestQueues } from "../support/test-queues.ts";
import { waitUntil } from "../support/wait.ts";

const content = Buffer.from("{}");

/** What publishing promises, on whatever broker is behind the URL. */
export function describePublisher(readUrl: () => string): void {
  let queues: TestQueues;
  const open: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    queues = await openTestQueues(readUrl());
  });
  afterEach(async () => {
    for (const close of open.splice(0).toReversed()) await close();
  });
  afterAll(() => queues.close());

  async function start(queue: string, url = readUrl()): Promise<Broker> {
    const { logger } = createRecordingLogger();
    const broker = await startBroker({ url, service: "test", queues: [queue], logger });
    open.push(() => broker.close());
    await waitUntil("the connection", () => broker.isConnected());
    return broker;
  }

  test("a published message is in its queue when publish resolves, persistent and with its id", async () => {
    const queue = queues.createName();
    const broker = await start(queue);
    await broker.publish({
      queue,
      messageId: "m-1",
      content: Buffer.from('{"id":"a"}'),
      headers: { mark: "x" },
    });
    expect(await queues.count(queue)).toBe(1);
    const message = await queues.take(queue);
    expect(message.content.toString()).toBe('{"id":"a"}');
    expect(message.properties).toMatchObject({
      messageId: "m-1",
      deliveryMode: 2,
      contentType: "application/json",
    });
    expect(message.properties.headers).toMatchObject({ mark: "x" });
  });

  test("a message for a queue that does not exist is an error, not a loss", async () => {
    const queue = queues.createName();
    const broker = await start(queue);
    const unknown = queues.createName();
    const results = await Promise.allSettled([
      broker.publish({ queue: unknown, messageId: "lost", content }),
      broker.publish({ queue, messageId: "kept", content }),
    ]);
    expect(results).toMatchObject([
      { status: "rejected", reason: { code: "UNROUTABLE" } },
      { status: "fulfilled" },
    ]);
  });

  test("1,000 messages at once all arrive, each once", async () => {
    const queue = queues.createName();
    const broker = await start(queue);
    const ids = Array.from({ length: 1000 }, (_, index) => `m-${index}`);
    await Promise.all(ids.map((messageId) => broker.publish({ queue, messageId, content })));
    expect(await queues.count(queue)).toBe(1000);
  });

  test("while the broker is away publishing fails at once, and works again when it is back", async () => {
    const queue = queues.createName();
    const proxy = await startProxy(readUrl());
    open.push(() => proxy.close());
    const broker = await start(queue, proxy.url);
    proxy.shut();
    await waitUntil("the loss to be noticed", () => !broker.isConnected());
    await expect(broker.publish({ queue, messageId: "early", content })).rejects.toMatchObject({
      code: "BROKER_AWAY",
    });
    proxy.open();
    await waitUntil("the connection", () => broker.isConnected());
    await broker.publish({ queue, messageId: "later", content });
    expect((await queues.take(queue)).properties.messageId).toBe("later");
  });

  test("a broker that does not confirm fails the publish in time, and one that goes away fails it at once", async () => {
    const queue = queues.createName();
    const proxy = await startProxy(readUrl());
    open.push(() => proxy.close());
    const broker = await start(queue, proxy.url);
    proxy.stall();
    await expect(broker.publish({ queue, messageId: "slow", content }, 50)).rejects.toMatchObject({
      code: "BROKER_TIMEOUT",
    });
    const waiting = broker.publish({ queue, messageId: "cut", content }, 60_000);
    proxy.cut();
    await expect(waiting).rejects.toMatchObject({ code: "BROKER_AWAY" });
  });
}
