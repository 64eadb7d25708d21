import { startBroker } from "@tracebridge/embedded";
import { expect, test } from "vitest";
import { runFixture } from "../fixture-process.ts";

/** https://docs.sentry.io/platforms/javascript/guides/node/tracing/instrumentation/queues-module/ */
test("a message carries what Sentry's Queues page reads: its id, size, queue and how often it was retried", async () => {
  const broker = await startBroker();
  const { receiver, warnings } = await runFixture((to) => ({ SENTRY_DSN: to.dsn, AMQP_URL: broker.url }), {
    fixture: "retried-message.ts",
  });
  await broker.close();
  expect(warnings).toEqual([]);
  const spans = receiver.sentry.spans.filter(({ op }) => op?.startsWith("queue."));
  const message = {
    "messaging.system": "rabbitmq",
    "messaging.message.id": "m1",
    "messaging.message.body.size": 7,
    "messaging.destination.name": "jobs",
  };
  for (const { attributes } of spans) expect(attributes).toMatchObject(message);
  expect(
    spans
      .toSorted((a, b) => a.startTimestamp - b.startTimestamp)
      .map(({ op, name, attributes }) => [op, name, attributes["messaging.message.retry.count"]]),
  ).toEqual([
    ["queue.publish", "send jobs", undefined],
    ["queue.process", "process jobs", undefined],
    ["queue.process", "process jobs", 1],
  ]);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
});
