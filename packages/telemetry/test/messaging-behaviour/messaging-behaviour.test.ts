import { startBroker } from "@tracebridge/embedded";
import { afterAll, beforeAll, describe } from "vitest";
import { describeMessaging } from "./suite.ts";

let broker: Awaited<ReturnType<typeof startBroker>>;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.close());

describe("amqplib with the embedded broker", () => {
  describeMessaging(() => broker.url);
});
