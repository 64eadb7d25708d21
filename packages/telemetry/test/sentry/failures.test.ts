import { ROOT_CONTEXT, SpanKind, context, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

let started: TestBridge;
beforeEach(async () => {
  started = await startTestBridge();
});
afterEach(() => started.close());

/** A request in which a span of `scope` records an exception, answered with `statusCode`. */
async function readIssues(scope: string, kind: SpanKind, statusCode: number): Promise<string[]> {
  const server = started
    .tracer("@opentelemetry/instrumentation-http")
    .startSpan("GET", { kind: SpanKind.SERVER, attributes: { "http.request.method": "GET" } }, ROOT_CONTEXT);
  context.with(trace.setSpan(ROOT_CONTEXT, server), () => {
    const span = started.tracer(scope).startSpan("work", { kind });
    span.recordException(new Error("it broke"));
    span.end();
  });
  server.setAttribute("http.response.status_code", statusCode);
  server.end();
  await started.bridge.forceFlush(5_000);
  return started.receiver.sentry.events.flatMap((event) => event.exceptions.map(({ value }) => value));
}

test("an error that Express answers with 500 is an issue, one that it answers with 404 is none", async () => {
  const express = "@opentelemetry/instrumentation-express";
  expect(await readIssues(express, SpanKind.INTERNAL, 404)).toEqual([]);
  expect(await readIssues(express, SpanKind.INTERNAL, 500)).toEqual(["it broke"]);
});

test("what a call to another program threw is the caller's to handle, and no issue by itself", async () => {
  expect(await readIssues("@opentelemetry/instrumentation-undici", SpanKind.CLIENT, 500)).toEqual([]);
  expect(await readIssues("@opentelemetry/instrumentation-amqplib", SpanKind.PRODUCER, 500)).toEqual([]);
});

test("what the application records itself is an issue, whatever kind of span and answer", async () => {
  expect(await readIssues("my-service", SpanKind.CLIENT, 404)).toEqual(["it broke"]);
});
