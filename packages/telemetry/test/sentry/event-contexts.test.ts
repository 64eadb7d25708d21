import * as Sentry from "@sentry/node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

let started: TestBridge;

beforeEach(async () => {
  started = await startTestBridge();
});

afterEach(() => started.close());

test("an error tells the operating system, the device and the run time it happened on", async () => {
  started.bridge.captureError(new Error("no stock"));
  await started.bridge.forceFlush(5_000);
  const [event] = started.receiver.sentry.events;
  expect(event?.contexts).toMatchObject({
    os: { name: expect.any(String), version: expect.any(String) },
    device: { arch: process.arch, memory_size: expect.any(Number) },
    runtime: { name: "node", version: process.version },
    app: { app_start_time: expect.any(String) },
  });
});

test("a message has the stack of the place that sent it", async () => {
  Sentry.captureMessage("stock is low");
  await started.bridge.forceFlush(5_000);
  const [event] = started.receiver.sentry.events;
  expect(event?.message).toBe("stock is low");
  expect(JSON.stringify(event?.raw)).toContain("event-contexts.test.ts");
});
