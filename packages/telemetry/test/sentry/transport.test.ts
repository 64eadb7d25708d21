import type { ScriptedResponse } from "@tracebridge/receivers";
import { expect, test } from "vitest";
import type { SentryEnvelope } from "../../src/sentry/index.ts";
import {
  createEvent,
  createEventIds,
  createSpans,
  LONG_PAUSES,
  readEventIds,
  startBehindProxy,
  startTestTransport,
} from "./start-test-transport.ts";

test.each<[string, ScriptedResponse, Record<string, number>, Record<string, number>]>([
  ["a refusal (400)", { status: 400 }, { send_error: 2 }, { "span:send_error": 2 }],
  ["too large (413)", { status: 413 }, { send_error: 2 }, { "span:send_error": 2 }],
  ["a server error (500)", { status: 500 }, { send_error: 2 }, { "span:send_error": 2 }],
  ["too many (429), which Sentry counts itself", { status: 429 }, { rate_limited: 2 }, {}],
])("%s is tried once and counted by reason", async (_, response, dropped, reported) => {
  let requests = 0;
  const sent = await startTestTransport(() => {
    requests += 1;
    return response;
  });
  await sent.send(createSpans());
  expect(sent.ledger.read("span").dropped).toEqual(dropped);
  expect(sent.reported).toEqual(reported);
  expect(requests).toBe(1);
  sent.closeAndExpectBalance();
});

test("a rate limit stops its category and no other, before and after it was queued", async () => {
  const headers = { "x-sentry-rate-limits": "60:span:organization" };
  let requests = 0;
  const respond = (): ScriptedResponse | undefined => {
    requests += 1;
    return requests === 1 ? { status: 429, headers } : undefined;
  };
  const sent = await startTestTransport(respond, { limits: { maxConnections: 1 } });
  const queued = sent.send(createSpans(2));
  const behind = sent.send(createSpans(3));
  await Promise.all([queued, behind]);
  await sent.send([{}, [...createSpans(5)[1], ...createEvent()[1]]]);
  expect(sent.reported).toEqual({ "span:ratelimit_backoff": 8 });
  expect(sent.ledger.read("span").dropped).toEqual({ rate_limited: 2, ratelimit_backoff: 8 });
  expect(sent.receiver.sentry.events).toHaveLength(1);
  expect(requests).toBe(2);
  sent.closeAndExpectBalance();
});

test("a limit for all categories outlives one that has passed for a single category", async () => {
  const answers: ScriptedResponse[] = [
    { status: 200, headers: { "x-sentry-rate-limits": "0:span:key" } },
    { status: 429, headers: { "retry-after": "60" } },
  ];
  const sent = await startTestTransport(() => answers.shift());
  await sent.send(createSpans());
  await sent.send(createSpans());
  await sent.send(createSpans(7));
  expect(sent.reported).toEqual({ "span:ratelimit_backoff": 7 });
  sent.closeAndExpectBalance();
});

test("all that waits or is under way is bounded in envelopes and bytes, and what does not fit is counted", async () => {
  const hang = () => ({ status: 200, delayMillis: Infinity });
  const few = await startTestTransport(hang, { limits: { maxConnections: 1, maxEnvelopes: 3 } });
  for (let index = 0; index < 5; index += 1) void few.send(createSpans(1));
  expect(few.reported).toEqual({ "span:queue_overflow": 2 });
  expect(few.transport.readQueue().envelopes).toBe(3);
  few.closeAndExpectBalance();
  const small = await startTestTransport(hang, { limits: { maxConnections: 1, maxBytes: 10_000 } });
  for (let index = 0; index < 5; index += 1) void small.send(createSpans(1, "x".repeat(4_000)));
  expect(small.reported).toEqual({ "span:queue_overflow": 3 });
  expect(small.transport.readQueue().bytes).toBeGreaterThan(8_000);
  small.closeAndExpectBalance();
});

test("what waits for its next attempt counts for the bounds, and makes room when it was sent", async () => {
  let isDown = true;
  const sent = await startTestTransport(() => (isDown ? { status: 503 } : undefined), {
    limits: { maxConnections: 2, maxEnvelopes: 3, backOff: LONG_PAUSES },
  });
  for (let number = 1; number <= 3; number += 1) void sent.send(createEvent(number));
  expect(await sent.transport.flush(10_000)).toBe(false);
  await sent.send(createEvent(4));
  expect(sent.reported).toEqual({ "error:queue_overflow": 1 });
  isDown = false;
  expect(await sent.transport.flush(10_000)).toBe(true);
  await sent.send(createEvent(5));
  expect(sent.ledger.read("error")).toEqual({ accepted: 5, delivered: 4, dropped: { queue_overflow: 1 } });
  sent.closeAndExpectBalance();
});

test("a large envelope is compressed, a small one is not, and the bytes that wait are counted as they are", async () => {
  const compressed = await startTestTransport();
  await compressed.send(createEvent());
  await compressed.send(createSpans(1, "span ".repeat(2_000)));
  const headers = compressed.receiver.sentry.envelopes.map(({ requestHeaders }) => requestHeaders);
  expect(headers.map((each) => each["content-encoding"])).toEqual([undefined, "gzip"]);
  expect(Number(headers[1]?.["content-length"])).toBeLessThan(2_000);
  expect(compressed.ledger.read("span").delivered).toBe(1);
  compressed.closeAndExpectBalance();
  const plain = await startTestTransport(undefined, { limits: { compressAboveBytes: Infinity } });
  await plain.send(createSpans(1, "span ".repeat(2_000)));
  const [plainRequest] = plain.receiver.sentry.envelopes;
  expect(plainRequest?.requestHeaders).not.toHaveProperty("content-encoding");
  expect(Number(plainRequest?.requestHeaders["content-length"])).toBeGreaterThan(10_000);
});

test("an envelope that was compressed for its first attempt goes out compressed in the second", async () => {
  const answers: ScriptedResponse[] = [{ status: 503, headers: { "retry-after": "0" } }];
  const sent = await startTestTransport(() => answers.shift(), {
    limits: { compressAboveBytes: 10 },
  });
  await sent.send([
    {},
    [[{ type: "event" }, { event_id: createEventIds(1)[0], message: "long ".repeat(3_000) }]],
  ]);
  const [envelope] = sent.receiver.sentry.envelopes;
  expect(envelope?.requestHeaders["content-encoding"]).toBe("gzip");
  expect(readEventIds(sent.receiver)).toEqual(createEventIds(1));
  sent.closeAndExpectBalance();
});

test("connections are kept and used again", async () => {
  const { proxy, receiver, ...sent } = await startBehindProxy("pass");
  for (let round = 0; round < 10; round += 1) {
    await Promise.all([1, 2, 3, 4].map((number) => sent.send(createEvent(round * 4 + number))));
  }
  expect(readEventIds(receiver)).toEqual(createEventIds(40));
  expect(proxy.connections).toBe(4);
  sent.closeAndExpectBalance();
});

test("a kept connection that the server has given up is replaced at once", async () => {
  const { proxy, receiver, ...sent } = await startBehindProxy("once", { backOff: LONG_PAUSES });
  for (let number = 1; number <= 3; number += 1) await sent.send(createEvent(number));
  expect(readEventIds(receiver)).toEqual(createEventIds(3));
  expect(proxy.connections).toBe(3);
  sent.closeAndExpectBalance();
});

test("a lost client report is not reported", async () => {
  const sent = await startTestTransport(() => ({ status: 500 }));
  await sent.transport.send([{}, [[{ type: "client_report" }, { discarded_events: [] }]]]);
  expect(sent.reported).toEqual({});
});

test("the last door sees every envelope; when it fails, nothing leaves", async () => {
  const scrubEnvelope = (envelope: SentryEnvelope): SentryEnvelope => {
    if (envelope[1].some(([{ type }]) => type === "span")) throw new Error("cannot scrub");
    return [envelope[0], [[{ type: "event" }, { event_id: "2".repeat(32), message: "scrubbed" }]]];
  };
  const sent = await startTestTransport(undefined, { scrubEnvelope });
  await sent.send(createSpans());
  await sent.send(createEvent());
  expect(sent.reported).toEqual({ "span:internal_sdk_error": 2 });
  expect(sent.receiver.sentry.spans).toEqual([]);
  expect(sent.receiver.sentry.events).toMatchObject([{ message: "scrubbed" }]);
  sent.closeAndExpectBalance();
});

test("a flush ends with false when the server hangs, a close with everything counted", async () => {
  const sent = await startTestTransport(() => ({ status: 200, delayMillis: Infinity }), {
    limits: { maxConnections: 1 },
  });
  const sending = [sent.send(createSpans(1)), sent.send(createSpans(2))];
  expect(await sent.transport.flush(20)).toBe(false);
  sent.transport.close();
  await Promise.all(sending);
  await sent.send(createSpans(4));
  expect(sent.ledger.read("span").dropped).toEqual({ shutdown: 7 });
  sent.closeAndExpectBalance();
});
