import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findTrace, startReceiver, waitForTrace, type Receiver } from "@tracebridge/telemetry/testing";
import "../../../../test/trace-matchers.ts";
import { sendSpans, traceIdOf } from "./send-spans.ts";

/** Bytes that real services sent to both back ends: an order that failed, with three errors. */
const recorded = new URL("../../../comparison/test/recorded/order-failed/", import.meta.url);
const traceId = "43b930f546ba75a50c276a129e362fa9";
const spanCount = 32;

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

async function post(path: string, contentType: string, body: string | Buffer): Promise<void> {
  const response = await fetch(`${receiver.url}${path}`, {
    method: "POST",
    headers: { "content-type": contentType },
    body: new Uint8Array(Buffer.from(body)),
  });
  expect(response.status).toBe(200);
}

async function sendToSentry(): Promise<void> {
  for (const file of readdirSync(recorded).filter((name) => name.endsWith(".envelope"))) {
    await post("/api/1/envelope/", "application/x-sentry-envelope", readFileSync(new URL(file, recorded)));
  }
}

async function sendToOtlp(change = (body: string): string => body): Promise<void> {
  for (const signal of ["traces", "logs"]) {
    const bodies = readFileSync(new URL(`otlp-${signal}.jsonl`, recorded), "utf8")
      .trim()
      .split("\n");
    for (const body of bodies) await post(`/v1/${signal}`, "application/json", change(body));
  }
}

test("two views of a recorded order match, by the receiver and by the trace alone", async () => {
  await Promise.all([sendToSentry(), sendToOtlp()]);
  const trace = await waitForTrace(receiver, traceId, { spans: spanCount });
  expect(trace.sentry.spans).toHaveLength(spanCount);
  expect(trace.sentry.events).toHaveLength(3);
  expect(trace).toMatchAcrossBackends();
  expect(trace).toHaveEdge("order", "factory", { in: "both" });
  expect(() => expect(trace).not.toMatchAcrossBackends()).toThrow(
    /^expected the back ends to differ, but they tell the same of the trace \(\d+ differences, each explained\)$/,
  );
});

test("a span renamed on its way to one back end is named with both names", async () => {
  await Promise.all([
    sendToSentry(),
    sendToOtlp((body) => body.replace('"name":"send factory"', '"name":"send factories"')),
  ]);
  expect(receiver).not.toMatchAcrossBackends();
  expect(() => expect(findTrace(receiver, traceId)).toMatchAcrossBackends())
    .toThrowErrorMatchingInlineSnapshot(`
    [Error: expected Sentry and OTLP to tell the same of trace 43b930f546ba75a50c276a129e362fa9, but nothing explains:
      order: producer send factory – name is "send factory" at Sentry, "send factories" at OTLP]
  `);
});

test("a span that ended later at one back end is found beyond the tolerance and not within it", async () => {
  const later = (body: string): string =>
    body.replace(
      /"endTimeUnixNano":"(\d+)"/,
      (_, nanos: string) => `"endTimeUnixNano":"${BigInt(nanos) + 3_000_000n}"`,
    );
  await Promise.all([sendToSentry(), sendToOtlp(later)]);
  const trace = findTrace(receiver, traceId);
  expect(() => expect(trace).toMatchAcrossBackends()).toThrow(/duration/);
  expect(trace).toMatchAcrossBackends({ toleranceMillis: 10 });
});

test("a trace of one back end alone does not match, and the message says which one lacks it", async () => {
  await sendToSentry();
  expect(() => expect(findTrace(receiver, traceId)).toMatchAcrossBackends()).toThrow(
    `trace ${traceId} arrived at Sentry only; the OTLP back end got no span of it`,
  );
  receiver.reset();
  await sendToOtlp();
  expect(() => expect(findTrace(receiver, traceId)).toMatchAcrossBackends()).toThrow(
    "arrived at the OTLP back end only; Sentry got no span of it",
  );
});

test("every trace of a receiver has to match", async () => {
  await Promise.all([sendToSentry(), sendToOtlp()]);
  await sendSpans(receiver, [{ id: "1", name: "alone" }], ["otlp"]);
  expect(() => expect(receiver).toMatchAcrossBackends()).toThrow(
    `trace ${traceIdOf("a")} arrived at the OTLP back end only`,
  );
  expect(findTrace(receiver, traceId)).toMatchAcrossBackends();
});

test("nothing at all is no match", () => {
  expect(() => expect(receiver).toMatchAcrossBackends()).toThrow("no span arrived at all");
  expect(() => expect(findTrace(receiver, traceId)).toMatchAcrossBackends()).toThrow(
    "no span arrived at all",
  );
  expect(() => expect({}).toMatchAcrossBackends()).toThrow(TypeError);
});

test("waiting ends with what did arrive when one back end lacks a span", async () => {
  await sendToSentry();
  await sendSpans(receiver, [{ id: "1", name: "alone" }], ["otlp"]);
  await expect(waitForTrace(receiver, traceId, { timeoutMillis: 50 })).rejects.toThrow(
    /the same spans of trace 43b9.* at both back ends: not within 50 ms.*process factory/,
  );
});
