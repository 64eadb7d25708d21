import { startReceiver } from "@tracebridge/receivers";
import type { Receiver } from "@tracebridge/receivers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runFixture } from "./run-fixture.ts";

let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
});

afterEach(() => receiver.close());

/** Whatever Sentry's SDK might read by itself; every value would be noticed. */
const SENTRY_VARIABLES = {
  SENTRY_DSN: "http://stolen@127.0.0.1:9/2",
  SENTRY_ENVIRONMENT: "from-the-variable",
  SENTRY_RELEASE: "from-the-variable@1",
  SENTRY_TRACES_SAMPLE_RATE: "1",
  SENTRY_TRACE_LIFECYCLE: "static",
  SENTRY_NAME: "name-from-the-variable",
  SENTRY_DEBUG: "true",
  SENTRY_SPOTLIGHT: "true",
  SENTRY_USE_ENVIRONMENT: "true",
  SENTRY_TRACE: "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
  SENTRY_BAGGAGE: "sentry-trace_id=0af7651916cd43dd8448eb211c80319c,sentry-environment=from-the-variable",
};

test("no SENTRY_* variable changes what the bridge was told", async () => {
  const result = await runFixture({ FIXTURE_DSN: receiver.dsn, ...SENTRY_VARIABLES });
  expect(result).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  const { spans, events, envelopes } = receiver.sentry;
  expect(spans).toHaveLength(1);
  expect(events).toHaveLength(1);
  expect(events[0]?.traceId).toBe(spans[0]?.traceId);
  expect(spans[0]?.traceId).not.toBe("0af7651916cd43dd8448eb211c80319c");
  expect(spans[0]?.attributes).toMatchObject({
    "sentry.environment": "fixture-environment",
    "sentry.release": "fixture@1",
  });
  const sent = JSON.stringify(envelopes.map(({ header, spans, events }) => ({ header, spans, events })));
  expect(sent).not.toContain("from-the-variable");
  expect(sent).not.toContain("stolen");
});

test.each([
  ["throw", "thrown", "auto.node.onuncaughtexception"],
  ["reject", "rejected", "auto.node.onuncaughtexception"],
])(
  "a process that ends by an uncaught error (%s) prints it, reports it as fatal and exits with 1",
  async (scene, message, mechanism) => {
    const result = await runFixture({ FIXTURE_DSN: receiver.dsn, FIXTURE_SCENE: scene });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain(`Error: ${message}`);
    const [event] = receiver.sentry.events;
    expect(receiver.sentry.events).toHaveLength(1);
    expect(event).toMatchObject({
      level: "fatal",
      exceptions: [{ value: message }],
      tags: { service: "fixture" },
    });
    expect(event?.raw["exception"]).toMatchObject({
      values: [{ mechanism: { type: mechanism, handled: false } }],
    });
    expect(event?.traceId).toBe(receiver.sentry.spans[0]?.traceId);
  },
);

test.each(["handled-rejection", "handled-exception"])(
  "a process whose application deals with it itself (%s) lives on",
  async (scene) => {
    const result = await runFixture({ FIXTURE_DSN: receiver.dsn, FIXTURE_SCENE: scene });
    expect(result).toMatchObject({ exitCode: 0, stdout: "still alive\n" });
  },
);

test("a process that crashes while Sentry hangs still ends", async () => {
  await receiver.close();
  receiver = await startReceiver({ respond: () => ({ status: 200, delayMillis: Infinity }) });
  const result = await runFixture({ FIXTURE_DSN: receiver.dsn, FIXTURE_SCENE: "throw" });
  expect(result.exitCode).toBe(1);
});
