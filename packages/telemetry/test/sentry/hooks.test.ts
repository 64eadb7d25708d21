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
