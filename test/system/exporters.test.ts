import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { startOrderStack } from "./order-stack.ts";
import { postOrder, waitForStatus } from "./orders.ts";

/** What arrives at each back end after one order that fails once, by exporter setting. */
interface Arrivals {
  sentrySpans: boolean;
  otlpSpans: boolean;
  consoleSpans: boolean;
  sentryErrors: boolean;
}

const settings: { name: string; env: NodeJS.ProcessEnv; expected: Arrivals }[] = [
  {
    name: "no setting, with a DSN and an OTLP endpoint",
    env: {},
    expected: { sentrySpans: true, otlpSpans: true, consoleSpans: false, sentryErrors: true },
  },
  {
    name: "OTEL_TRACES_EXPORTER=sentry",
    env: { OTEL_TRACES_EXPORTER: "sentry" },
    expected: { sentrySpans: true, otlpSpans: false, consoleSpans: false, sentryErrors: true },
  },
  {
    name: "OTEL_TRACES_EXPORTER=otlp",
    env: { OTEL_TRACES_EXPORTER: "otlp" },
    expected: { sentrySpans: false, otlpSpans: true, consoleSpans: false, sentryErrors: true },
  },
  {
    name: "OTEL_TRACES_EXPORTER=console",
    env: { OTEL_TRACES_EXPORTER: "console" },
    expected: { sentrySpans: false, otlpSpans: false, consoleSpans: true, sentryErrors: true },
  },
  {
    name: "OTEL_TRACES_EXPORTER=none",
    env: { OTEL_TRACES_EXPORTER: "none" },
    expected: { sentrySpans: false, otlpSpans: false, consoleSpans: false, sentryErrors: true },
  },
  {
    name: "OTEL_SDK_DISABLED=true",
    env: { OTEL_SDK_DISABLED: "true" },
    expected: { sentrySpans: false, otlpSpans: false, consoleSpans: false, sentryErrors: false },
  },
];

describe("one order with each exporter setting reaches exactly the named back ends", () => {
  it.each(settings)("$name", async ({ env, expected }) => {
    const stack = await startOrderStack({ env });
    const { receiver, output } = stack;
    const id = randomUUID();
    try {
      const { order } = await postOrder(stack, { id, fail: "once" });
      await waitForStatus(stack, id, "finished");
      expect(order.traceId !== undefined).toBe(env["OTEL_SDK_DISABLED"] !== "true");
    } finally {
      // The services flush when they end: what has not arrived then never will.
      await stack.stop();
    }
    const printed = [...output.values()].flat().join("\n");
    expect({
      sentrySpans: receiver.sentry.spans.length > 0,
      otlpSpans: receiver.otlp.spans.length > 0,
      consoleSpans: printed.includes("process factory"),
      sentryErrors: receiver.sentry.events.length > 0,
    }).toEqual(expected);
  });
});
