import { afterEach, beforeEach, expect, test } from "vitest";
import {
  findSpans,
  startReceiver,
  waitForSpan,
  type ExpectedSpan,
  type Receiver,
} from "@tracebridge/telemetry/testing";
import { sendSpans, traceIdOf, type SentSpan } from "./send-spans.ts";

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const work: SentSpan = { id: "2", parent: "1", name: "work" };

test("a wait ends with the span that arrives later, at both back ends if need be", async () => {
  const waiting = waitForSpan(receiver, { name: "work", in: "both" });
  await sendSpans(receiver, [{ id: "1", name: "other" }, work], ["otlp"]);
  await sendSpans(receiver, [work], ["sentry"]);
  expect(await waiting).toMatchObject({
    name: "work",
    traceId: traceIdOf("a"),
    parentSpanId: "1".repeat(16),
  });
});

test("a wait in vain lists what did arrive", async () => {
  await sendSpans(receiver, [work], ["otlp"]);
  await expect(waitForSpan(receiver, { name: "works" }, 20)).rejects.toThrow(
    /^after 20 ms: expected a span \{ name: "works" \}\n1 arrived, .*\n {2}at OTLP, order: internal work – name is/,
  );
});

test("a mistake in the call ends the wait at once", async () => {
  await expect(waitForSpan(receiver, { nmae: "work" } as ExpectedSpan)).rejects.toThrow(TypeError);
});

test("the spans that are as expected are found in the order of arrival, once for each back end", async () => {
  await sendSpans(receiver, [work, { ...work, id: "3" }]);
  const names = findSpans(receiver, { name: "work" }).map(({ backEnd, spanId }) => backEnd + spanId[0]);
  expect(names).toEqual(["sentry2", "sentry3", "otlp2", "otlp3"]);
  expect(findSpans(receiver, { name: "work", in: "otlp" })).toHaveLength(2);
});
