import { ROOT_CONTEXT, SpanKind, propagation, trace } from "@opentelemetry/api";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { startReceiver } from "@tracebridge/receivers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSentryBridge } from "../../src/sentry-bridge.ts";
import type { StartedSentryBridge } from "../../src/sentry-bridge.ts";

let receiver: Awaited<ReturnType<typeof startReceiver>>;
let bridge: StartedSentryBridge;
beforeAll(async () => {
  receiver = await startReceiver();
  bridge = startSentryBridge({
    dsn: receiver.dsn,
    serviceName: "own-sdk",
    tracePropagationTargets: ["https://api.test/"],
  });
});
afterAll(async () => {
  await bridge.shutdown();
  await receiver.close();
});

function readSent(kind: SpanKind, url: string): string[] {
  const provider = new TracerProvider({ sampler: bridge.sampler });
  const baggage = propagation.createBaggage({ orderId: { value: "order-1" } });
  const from = propagation.setBaggage(ROOT_CONTEXT, baggage);
  const span = provider.getTracer("test").startSpan("GET", { kind, attributes: { "url.full": url } }, from);
  const sent: Record<string, string> = {};
  bridge.propagator.inject(trace.setSpan(from, span), sent, {
    set: (carrier, key, value) => Object.assign(carrier, { [key]: value }),
  });
  return [
    ...Object.keys(sent).toSorted(),
    ...(sent["baggage"]?.includes("orderId=order-1") ? ["orderId"] : []),
  ];
}

test("an application that assembles its own SDK names its receivers in the same way", () => {
  const everything = ["baggage", "sentry-trace", "traceparent", "orderId"];
  expect(readSent(SpanKind.CLIENT, "https://api.test/orders")).toEqual(everything);
  expect(readSent(SpanKind.CLIENT, "https://evil.test/")).toEqual([]);
  expect(readSent(SpanKind.PRODUCER, "")).toEqual(everything);
});
