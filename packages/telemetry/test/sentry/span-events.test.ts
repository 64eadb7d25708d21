import { ROOT_CONTEXT, context, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

let started: TestBridge;

beforeEach(async () => {
  started = await startTestBridge();
});

afterEach(() => started.close());

test("of a span's events exceptions become issues, breadcrumbs go with them, and the others are counted", async () => {
  const span = started.tracer().startSpan("work", {}, ROOT_CONTEXT);
  context.with(trace.setSpan(ROOT_CONTEXT, span), () => started.bridge.addBreadcrumb({ message: "looked" }));
  span.addEvent("breadcrumb", { "breadcrumb.message": "looked" });
  span.addEvent("cache.miss", { key: "bolts" });
  span.addEvent("retry");
  span.recordException(new Error("no bolts"));
  span.end();
  await started.bridge.forceFlush(5_000);
  const { spans, events } = started.receiver.sentry;
  expect(events).toMatchObject([
    { exceptions: [{ value: "no bolts" }], breadcrumbs: [{ message: "looked" }], spanId: spans[0]?.spanId },
  ]);
  expect(JSON.stringify(spans)).not.toMatch(/cache\.miss|retry/);
  expect(started.bridge.stats().spanEvents).toEqual({
    accepted: 2,
    delivered: 0,
    dropped: { no_equivalent: 2 },
  });
});
