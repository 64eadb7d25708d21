import { DiagLogLevel, diag } from "@opentelemetry/api";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { startReceiver } from "@tracebridge/receivers";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "../config/index.ts";
import { createSpanSinks } from "./index.ts";

test.each([
  ["in full", "{}", { accepted: 2, delivered: 2, dropped: {} }],
  [
    "in part",
    '{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}',
    { accepted: 2, delivered: 1, dropped: { rejected: 1 } },
  ],
])("what was taken %s is booked so and sent once, though the logger throws", async (_, body, booked) => {
  let requests = 0;
  const respond = () => {
    requests += 1;
    return { status: 200, body };
  };
  const receiver = await startReceiver({ respond });
  // What the SDK says itself it says unguarded, before anything is sent.
  const fail = (message: string): void => {
    if (message.includes("OTLP")) throw new Error("broken logger");
  };
  const { config } = readConfig({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
  });
  const sinks = createSpanSinks(config.traces, () => {});
  const tracer = new TracerProvider({ spanProcessors: [...sinks] }).getTracer("test");
  for (const name of ["one", "two"]) tracer.startSpan(name).end();
  const logger = { error: fail, warn: fail, info: fail, debug: fail, verbose: fail };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
  onTestFinished(async () => {
    diag.disable();
    await Promise.all(sinks.map((sink) => sink.close()));
    await receiver.close();
  });
  await Promise.all(sinks.map((sink) => sink.forceFlush()));
  expect(requests).toBe(1);
  expect(sinks.map((sink) => sink.stats())).toEqual([booked]);
});
