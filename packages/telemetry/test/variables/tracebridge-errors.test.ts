import { expect, test } from "vitest";
import { runFixture, toBoth } from "../fixture-process.ts";

test("TRACEBRIDGE_ERRORS=off sends no errors; spans and logs still arrive, and spans are marked", async () => {
  const { receiver } = await runFixture((to) => ({ ...toBoth(to), TRACEBRIDGE_ERRORS: "off" }));
  expect(receiver.sentry.events).toEqual([]);
  expect(receiver.sentry.spans).toHaveLength(3);
  const server = receiver.otlp.spans.find((span) => span.kind === "server");
  expect(server).toMatchObject({ status: "error", statusMessage: "out of stock" });
});

test("TRACEBRIDGE_ERRORS=off keeps an uncaught exception from Sentry, and the process ends as Node would end it", async () => {
  const crash = { fixture: "crash.ts" };
  const off = await runFixture((to) => ({ ...toBoth(to), TRACEBRIDGE_ERRORS: "off" }), crash);
  expect(off.receiver.sentry.events).toEqual([]);
  expect(off.exitCode).toBe(1);
  const on = await runFixture(toBoth, crash);
  expect(on.receiver.sentry.events).toMatchObject([{ exceptions: [{ type: "Error", value: "uncaught" }] }]);
  expect(on.exitCode).toBe(1);
});

test("errors arrive whatever OTEL_TRACES_EXPORTER says", async () => {
  const { receiver } = await runFixture((to) => ({ ...toBoth(to), OTEL_TRACES_EXPORTER: "none" }));
  expect(receiver.sentry.events).toHaveLength(1);
  expect(receiver.sentry.spans).toEqual([]);
});

test("an unknown value is told once and errors are sent", async () => {
  const { receiver, warnings } = await runFixture((to) => ({ ...toBoth(to), TRACEBRIDGE_ERRORS: "maybe" }));
  expect(warnings).toEqual([
    expect.stringContaining(
      'TRACEBRIDGE_ERRORS="maybe": unknown value; allowed: on, off. Using the default on.',
    ),
  ]);
  expect(receiver.sentry.events).toHaveLength(1);
});
