import { ROOT_CONTEXT, SpanKind, context, defaultTextMapGetter, trace } from "@opentelemetry/api";
import type { Context } from "@opentelemetry/api";
import * as Sentry from "@sentry/node";
import { SentryPropagator, getScopesFromContext } from "@sentry/opentelemetry";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestBridge } from "../sentry/start-test-bridge.ts";
import type { TestBridge } from "../sentry/start-test-bridge.ts";

let running: TestBridge;

beforeAll(async () => {
  running = await startTestBridge();
});

afterAll(() => running.close());

/** Runs `fn` inside the span of a request. */
function runRequest(fn: () => void): void {
  const span = running.tracer().startSpan("request", { kind: SpanKind.SERVER }, ROOT_CONTEXT);
  context.with(trace.setSpan(ROOT_CONTEXT, span), fn);
  span.end();
}

function expectOurs(from: Context): void {
  const scopes = getScopesFromContext(from);
  expect(scopes?.scope).toBe(Sentry.getCurrentScope());
  expect(scopes?.isolationScope).toBe(Sentry.getIsolationScope());
}

test("getScopesFromContext of @sentry/opentelemetry finds the scopes that Sentry's functions work on", () => {
  runRequest(() => {
    const outer = context.active();
    Sentry.setUser({ id: "u7" });
    expectOurs(outer);
    Sentry.withScope(() => expectOurs(context.active()));
    Sentry.withIsolationScope((isolationScope) => {
      expectOurs(context.active());
      expect(getScopesFromContext(context.active())?.isolationScope).toBe(isolationScope);
      expect(getScopesFromContext(outer)?.isolationScope).not.toBe(isolationScope);
    });
    runRequest(() => expect(getScopesFromContext(outer)?.isolationScope.getUser()).toEqual({ id: "u7" }));
  });
});

test("scopes that @sentry/opentelemetry puts on a context are the current ones in it", () => {
  runRequest(() => {
    const headers = { "sentry-trace": "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1" };
    const extracted = new SentryPropagator().extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    const theirs = getScopesFromContext(extracted);
    expect(theirs).toBeDefined();
    context.with(extracted, () => {
      expect(Sentry.getCurrentScope()).toBe(theirs?.scope);
      expect(Sentry.getIsolationScope()).toBe(theirs?.isolationScope);
    });
  });
});
