import { ROOT_CONTEXT, SpanKind, context, trace } from "@opentelemetry/api";
import * as Sentry from "@sentry/node";
import { expect, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";

test("a second Sentry.init is reported once, with the fix, and throws nothing into the application", async () => {
  const started = await startTestBridge();
  const { bridge, receiver, problems } = started;
  const runSegment = (fn: () => void) => {
    const span = started.tracer().startSpan("request", { kind: SpanKind.SERVER }, ROOT_CONTEXT);
    context.with(trace.setSpan(ROOT_CONTEXT, span), fn);
    span.end();
  };
  runSegment(() => {
    Sentry.initWithoutDefaultIntegrations({ dsn: receiver.dsn });
    Sentry.captureException(new Error("still captured"));
    Sentry.withScope(() => Sentry.setTag("still", "works"));
  });
  runSegment(() => Sentry.captureMessage("also captured"));
  runSegment(() => {});
  await Sentry.close(2_000);
  await bridge.forceFlush(2_000);
  expect(problems).toMatchObject([
    { code: "sentry-replaced", message: expect.stringContaining("Remove the call") },
  ]);
  expect(receiver.sentry.events).toHaveLength(2);
  expect(receiver.sentry.spans).toHaveLength(3);
  await started.close();
});
