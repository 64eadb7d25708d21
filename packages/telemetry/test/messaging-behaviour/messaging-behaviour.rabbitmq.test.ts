import { describe } from "vitest";
import { describeMessaging } from "./suite.ts";

const url = (): string => {
  const value = process.env["RABBITMQ_URL"];
  if (!value)
    throw new Error(
      "RABBITMQ_URL is not set: set it to a RabbitMQ server, for example amqp://127.0.0.1:5672",
    );
  return value;
};

describe("amqplib with RabbitMQ", () => {
  describeMessaging(url);
});
