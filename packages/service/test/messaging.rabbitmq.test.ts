import { afterAll, beforeAll, describe } from "vitest";
import { startDatabase } from "@tracebridge/embedded";
import { describeConsumer } from "./suites/consumer.ts";
import { describeFailures } from "./suites/failures.ts";
import { describeOutbox } from "./suites/outbox.ts";
import { describePublisher } from "./suites/publisher.ts";

const url = (): string => {
  const value = process.env["RABBITMQ_URL"];
  if (!value)
    throw new Error(
      "RABBITMQ_URL is not set: set it to a RabbitMQ server, for example amqp://127.0.0.1:5672",
    );
  return value;
};

describe("with RabbitMQ", () => {
  describePublisher(url);
  describeConsumer(url);
  describeFailures(url);
});

describe("the outbox with RabbitMQ", () => {
  let database: Awaited<ReturnType<typeof startDatabase>>;
  beforeAll(async () => {
    database = await startDatabase();
  });
  afterAll(() => database.close());
  describeOutbox(() => ({ amqpUrl: url(), mongoUrl: database.url }));
});
