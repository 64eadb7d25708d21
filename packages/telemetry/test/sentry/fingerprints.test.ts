import { ROOT_CONTEXT, SpanKind, context, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

let started: TestBridge;

beforeEach(async () => {
  started = await startTestBridge();
});

afterEach(() => started.close());

class ValidationError extends Error {
  override readonly name = "ValidationError";
}

async function capture(
  route: string,
  error: Error,
  options?: Parameters<TestBridge["bridge"]["captureError"]>[1],
): Promise<unknown> {
  const attributes = { "http.request.method": "POST", "http.route": route };
  const span = started.tracer().startSpan("request", { kind: SpanKind.SERVER, attributes }, ROOT_CONTEXT);
  context.with(trace.setSpan(ROOT_CONTEXT, span), () => started.bridge.captureError(error, options));
  span.end();
  await started.bridge.forceFlush(5_000);
  return started.receiver.sentry.events.at(-1)?.raw["fingerprint"];
}

test("validation errors of one route are one issue whatever they say, and keep their message", async () => {
  const first = await capture("/order", new ValidationError("id abc is too short"));
  expect(await capture("/order", new ValidationError("id xyz is too long"))).toEqual(first);
  expect(first).toEqual(["ValidationError", "POST /order"]);
  expect(started.receiver.sentry.events.map(({ exceptions }) => exceptions[0]?.value)).toEqual([
    "id abc is too short",
    "id xyz is too long",
  ]);
});

test("validation errors of another route, and Fastify's, are issues of their own", async () => {
  const fastify = Object.assign(new Error("body/id must be string"), { code: "FST_ERR_VALIDATION" });
  expect(await capture("/item", new ValidationError("id abc is too short"))).toEqual([
    "ValidationError",
    "POST /item",
  ]);
  expect(await capture("/item", fastify)).toEqual(["Error", "POST /item"]);
});

test("every other error is grouped as Sentry does, unless the application says otherwise", async () => {
  expect(await capture("/order", new Error("out of stock"))).toBeUndefined();
  expect(await capture("/order", new TypeError("x is not a function"))).toBeUndefined();
  const fingerprint = ["{{ default }}", "bolts"];
  expect(await capture("/order", new Error("out of stock again"), { fingerprint })).toEqual(fingerprint);
  expect(await capture("/order", new ValidationError("own"), { fingerprint: ["mine"] })).toEqual(["mine"]);
});
