import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBroker as startEmbeddedBroker } from "@tracebridge/embedded";
import { claimPort } from "@tracebridge/embedded/ports";
import { z } from "zod";
import { deadQueueOf, startBroker } from "../src/broker/index.ts";
import { withHeartbeat } from "../src/broker/broker.ts";
import { describeConsumer } from "./suites/consumer.ts";
import { describeFailures } from "./suites/failures.ts";
import { describePublisher } from "./suites/publisher.ts";
import { createRecordingLogger } from "./support/log.ts";
import { openTestQueues } from "./support/test-queues.ts";
import { waitUntil } from "./support/wait.ts";

let embedded: Awaited<ReturnType<typeof startEmbeddedBroker>>;

beforeAll(async () => {
  embedded = await startEmbeddedBroker();
});
afterAll(() => embedded.close());

describe("with the embedded broker", () => {
  describePublisher(() => embedded.url);
  describeConsumer(() => embedded.url);
  describeFailures(() => embedded.url);
});

test("a broker that is away at start, comes, goes and comes back on its port is used each time", async () => {
  const port = await claimPort();
  const log = createRecordingLogger();
  const broker = await startBroker({
    url: `amqp://127.0.0.1:${port}`,
    service: "test",
    queues: ["jobs"],
    logger: log.logger,
  });
  const handled: string[] = [];
  await broker.consume({
    queue: "jobs",
    schema: z.object({ id: z.string() }),
    prefetch: 1,
    businessIds: () => ({}),
    handle: ({ message }) => void handled.push(message.id),
  });
  await waitUntil(
    "a failed attempt",
    () => log.texts(),
    (texts) => texts.includes("The broker is away; trying again"),
  );
  expect(broker.isConnected()).toBe(false);

  for (const id of ["one", "two"]) {
    const server = await startEmbeddedBroker({ port });
    await waitUntil("the connection", () => broker.isConnected());
    await broker.publish({ queue: "jobs", messageId: id, content: Buffer.from(JSON.stringify({ id })) });
    await waitUntil(
      `message ${id}`,
      () => handled,
      (ids) => ids.includes(id),
    );
    await server.close();
    await waitUntil("the loss to be noticed", () => !broker.isConnected());
  }
  await broker.close();
  expect(handled).toEqual(["one", "two"]);
});

test("a message that took its consumer down again and again is given up", async () => {
  const queues = await openTestQueues(embedded.url);
  const queue = queues.createName();
  const broker = await startBroker({
    url: embedded.url,
    service: "test",
    queues: [queue],
    logger: createRecordingLogger().logger,
  });
  const handled: string[] = [];
  const givenUp: string[] = [];
  await broker.consume({
    queue,
    schema: z.object({ id: z.string() }),
    prefetch: 1,
    businessIds: () => ({}),
    handle: ({ message }) => void handled.push(message.id),
    giveUp: async ({ message }) => void givenUp.push(message.id),
  });
  await waitUntil("the connection", () => broker.isConnected());
  // A quorum queue writes this header; https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling
  await queues.send(queue, { id: "deadly" }, { headers: { "x-delivery-count": 15 } });
  const dead = await queues.take(deadQueueOf(queue));
  expect(dead.properties.headers).toMatchObject({ "x-dead-reason": "delivered_too_often" });
  expect({ handled, givenUp }).toEqual({ handled: [], givenUp: ["deadly"] });
  await broker.close();
  await queues.close();
});

test.each([
  ["amqp://127.0.0.1:5672", "amqp://127.0.0.1:5672?heartbeat=10"],
  ["amqp://u:p%2F@host/vhost?frameMax=4096", "amqp://u:p%2F@host/vhost?frameMax=4096&heartbeat=10"],
  ["amqps://host?heartbeat=0", "amqps://host?heartbeat=0"],
])("the heartbeat of %s is asked for in the URL: %s", (url, expected) => {
  expect(withHeartbeat(url)).toBe(expected);
});
