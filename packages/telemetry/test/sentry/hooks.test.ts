import { ROOT_CONTEXT, SpanKind, context, trace } from "@opentelemetry/api";
import * as Sentry from "@sentry/node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

let started: TestBridge;

beforeEach(async () => {
  started = await startTestBridge();
});

afterEach(() => started.close());

function getClient() {
  const client = Sentry.getClient();
  if (!client) throw new Error("The bridge has set no client.");
  return client;
}

function runRequest(): void {
  const span = started.tracer().startSpan("request", { kind: SpanKind.SERVER }, ROOT_CONTEXT);
  context.with(trace.setSpan(ROOT_CONTEXT, span), () => {
    Sentry.setUser({ id: "u-1" });
    started.tracer().startSpan("child").end();
  });
  span.end();
}

test("Sentry's span hooks run in their order, inside the scopes of the span, segments apart", async () => {
  const client = getClient();
  const calls: string[] = [];
  for (const hook of ["preprocessSpan", "processSegmentSpan", "processSpan"] as const) {
    client.on(hook as "processSpan", ({ name }) => {
      calls.push(`${hook} ${name} ${Sentry.getIsolationScope().getUser()?.id}`);
    });
  }
  client.on("processSpan", ({ attributes }) => {
    attributes["added"] = "by a hook";
  });
  runRequest();
  await started.bridge.forceFlush(5_000);
  expect(calls).toEqual([
    "preprocessSpan child u-1",
    "processSpan child u-1",
    "preprocessSpan request u-1",
    "processSegmentSpan request u-1",
    "processSpan request u-1",
  ]);
  expect(started.receiver.sentry.spans.map(({ attributes }) => attributes["added"])).toEqual([
    "by a hook",
    "by a hook",
  ]);
});

test("beforeSendSpan may change a span", async () => {
  getClient().getOptions().beforeSendSpan = Sentry.withStreamedSpan((span) => ({
    ...span,
    name: `${span.name}!`,
  }));
  runRequest();
  await started.bridge.forceFlush(5_000);
  expect(started.receiver.sentry.spans.map(({ name }) => name)).toEqual(["child!", "request!"]);
});

test("a hook that throws costs its span, which is counted, and nothing else", async () => {
  getClient().on("processSpan", ({ name }) => {
    if (name === "child") throw new Error("broken hook");
  });
  expect(runRequest).not.toThrow();
  await started.bridge.forceFlush(5_000);
  expect(started.receiver.sentry.spans.map(({ name }) => name)).toEqual(["request"]);
  expect(started.bridge.stats().spans).toEqual({
    accepted: 2,
    delivered: 1,
    dropped: { internal_sdk_error: 1 },
  });
  expect(started.problems).toMatchObject([
    { code: "sentry-span:end", message: expect.stringContaining("broken hook") },
  ]);
});

function emitLogs(...bodies: readonly string[]): void {
  const logger = started.loggers.getLogger("pino");
  for (const body of bodies) logger.emit({ body, severityNumber: 9, attributes: { count: 1 } });
}

test("beforeSendLog may change a record of OpenTelemetry or keep it from Sentry, which is counted", async () => {
  getClient().getOptions().beforeSendLog = (log) =>
    log.message === "private"
      ? null
      : { ...log, level: "warn", message: `${log.message}!`, attributes: { ...log.attributes, added: 2 } };
  emitLogs("private", "public");
  await started.bridge.forceFlush(5_000);
  expect(started.receiver.sentry.logs).toMatchObject([
    { body: "public!", level: "warn", attributes: { count: 1, added: 2, "service.name": "test-service" } },
  ]);
  expect(started.bridge.stats().logs).toEqual({
    accepted: 2,
    delivered: 1,
    dropped: { before_send: 1 },
  });
});

test("a beforeSendLog that logs or throws costs its record at most", async () => {
  getClient().getOptions().beforeSendLog = (log) => {
    if (log.message === "bad") throw new Error("broken hook");
    emitLogs("from within");
    return log;
  };
  expect(() => emitLogs("good", "bad")).not.toThrow();
  await started.bridge.forceFlush(5_000);
  expect(started.receiver.sentry.logs.map(({ body }) => body)).toEqual(["from within", "good"]);
  expect(started.bridge.stats().logs.dropped).toEqual({ internal_sdk_error: 1 });
});
