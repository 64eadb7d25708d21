import { claimPort } from "@tracebridge/embedded/ports";
import { startReceiver } from "@tracebridge/receivers";
import type { Receiver, ReceiverOptions } from "@tracebridge/receivers";
import { expect, test } from "vitest";
import type { SentryEnvelope } from "../../src/sentry/index.ts";
import type { ProxyMode } from "./start-test-proxy.ts";
import {
  createEvent,
  createEventId,
  createEventIds,
  createSpans,
  LONG_PAUSES,
  readEndpoint,
  readEventIds,
  SHORT_PAUSES,
  startBehindProxy,
  startTestTransport,
} from "./start-test-transport.ts";

const limits = { backOff: SHORT_PAUSES };
const patience = { timeout: 15_000 };

/** Answers with `status` until it is told otherwise. */
function createOutage(status = 503, headers: Record<string, string> = {}) {
  const outage = { isDown: true, requests: 0 };
  const respond: ReceiverOptions["respond"] = () => {
    outage.requests += 1;
    return outage.isDown ? { status, headers } : undefined;
  };
  return Object.assign(outage, { respond });
}

/** A port where nobody listens, and a way to change that. */
async function startLater(): Promise<{ url: string; startReceiver: () => Promise<Receiver> }> {
  const port = await claimPort();
  return { url: `http://127.0.0.1:${port}`, startReceiver: () => startReceiver({ port }) };
}

test("what was sent while nobody listened arrives when someone does, each item once", async () => {
  const later = await startLater();
  const sent = await startTestTransport(undefined, { url: readEndpoint(later.url), limits });
  const sending = Array.from({ length: 200 }, (_, index) => sent.send(createEvent(index + 1)));
  await expect.poll(() => sent.told.length, patience).toBeGreaterThan(2);
  const receiver = await later.startReceiver();
  await Promise.all(sending);
  await receiver.close();
  expect(readEventIds(receiver)).toEqual(createEventIds(200));
  expect(sent.reported).toEqual({});
  sent.closeAndExpectBalance();
});

test("while Sentry is down one request asks, and its success lets all others go", async () => {
  const outage = createOutage();
  const sent = await startTestTransport(outage.respond, { limits: { backOff: LONG_PAUSES } });
  const sending = Array.from({ length: 100 }, (_, index) => sent.send(createEvent(index + 1)));
  expect(await sent.transport.flush(10_000)).toBe(false);
  // One for each connection before the outage was known, and one that asked for the flush.
  expect(outage.requests).toBe(9);
  expect(await sent.transport.flush(10_000)).toBe(false);
  expect(outage.requests).toBe(10);
  outage.isDown = false;
  expect(await sent.transport.flush(10_000)).toBe(true);
  await Promise.all(sending);
  expect(readEventIds(sent.receiver)).toEqual(createEventIds(100));
  expect(outage.requests).toBe(110);
  sent.closeAndExpectBalance();
});

test("an outage is told when the second attempt fails, and its end once", async () => {
  const outage = createOutage();
  const sent = await startTestTransport(outage.respond, { limits });
  const sending = sent.send(createEvent());
  await expect.poll(() => sent.told.length, patience).toBeGreaterThan(1);
  outage.isDown = false;
  await sending;
  await sent.send(createEvent(2));
  expect(new Set(sent.told)).toEqual(new Set(["failure: the answer was 503", "recovery"]));
  expect(sent.told.filter((line) => line === "recovery")).toHaveLength(1);
  expect(sent.told.at(-1)).toBe("recovery");
});

test("a single failure that passes is told to nobody", async () => {
  const answers = [{ status: 502 }];
  const sent = await startTestTransport(() => answers.shift(), { limits });
  await sent.send(createEvent());
  expect(sent.told).toEqual([]);
  expect(readEventIds(sent.receiver)).toEqual(createEventIds(1));
});

test.each([502, 503, 504])("an answer of %d is tried again", async (status) => {
  const answers = [{ status }, { status }, { status }];
  const sent = await startTestTransport(() => answers.shift(), { limits });
  await sent.send(createEvent());
  expect(readEventIds(sent.receiver)).toEqual(createEventIds(1));
  expect(answers).toEqual([]);
  expect(sent.reported).toEqual({});
  sent.closeAndExpectBalance();
});

test("Retry-After of a 503 is waited for, and is no rate limit", async () => {
  const arrivals: number[] = [];
  const respond = () => {
    arrivals.push(performance.now());
    return arrivals.length === 1 ? { status: 503, headers: { "retry-after": "1" } } : undefined;
  };
  const sent = await startTestTransport(respond, { limits });
  const first = sent.send(createEvent(1));
  await expect.poll(() => arrivals.length, patience).toBe(1);
  await Promise.all([first, sent.send(createEvent(2))]);
  expect(Number(arrivals[1]) - Number(arrivals[0])).toBeGreaterThan(990);
  expect(readEventIds(sent.receiver)).toEqual(createEventIds(2));
  sent.closeAndExpectBalance();
});

test("rate limits that came meanwhile are looked at before a second attempt", async () => {
  const answers = [
    { status: 503 },
    { status: 503 },
    { status: 429, headers: { "x-sentry-rate-limits": "60:span:organization" } },
  ];
  const sent = await startTestTransport(() => answers.shift(), {
    limits: { maxConnections: 1, backOff: SHORT_PAUSES },
  });
  // They take turns: the event fails, the spans fail, and the event hears of the limit.
  await Promise.all([sent.send(createEvent()), sent.send(createSpans(3))]);
  expect(sent.ledger.read("error").dropped).toEqual({ rate_limited: 1 });
  expect(sent.ledger.read("span").dropped).toEqual({ ratelimit_backoff: 3 });
  expect(sent.reported).toEqual({ "span:ratelimit_backoff": 3 });
  sent.closeAndExpectBalance();
});

test.each<[string, ProxyMode]>([
  ["says nothing", "hang"],
  ["sends its answer byte by byte", "drip"],
])(
  "a server that %s is given up on at the deadline, and gets everything when it answers",
  async (_, mode) => {
    const { proxy, receiver, ...sent } = await startBehindProxy(mode, { ...limits, deadlineMillis: 200 });
    const sending = Array.from({ length: 50 }, (_each, index) => sent.send(createEvent(index + 1)));
    await expect.poll(() => sent.told, patience).toContain("failure: no answer within 200 ms");
    proxy.mode = "pass";
    await Promise.all(sending);
    // A busy machine answers late too; what then comes again has the same id.
    expect(new Set(readEventIds(receiver))).toEqual(new Set(createEventIds(50)));
    sent.closeAndExpectBalance();
  },
);

test("when an answer breaks off, an event is sent again under its id, and numbers to add up are not", async () => {
  const { proxy, receiver, ...sent } = await startBehindProxy("cut", limits);
  const report: SentryEnvelope = [{}, [[{ type: "client_report" }, { discarded_events: [] }]]];
  const session: SentryEnvelope = [{}, [[{ type: "session" }, { sid: "1", init: true }]]];
  await Promise.all([sent.send(report), sent.send(session)]);
  const sending = sent.send(createEvent());
  await receiver.waitFor("the event twice", ({ sentry }) => sentry.events.length > 1);
  proxy.mode = "pass";
  await sending;
  const sessions = receiver.sentry.envelopes.filter(({ itemTypes }) => itemTypes.includes("session"));
  expect([receiver.sentry.clientReports.length, sessions.length]).toEqual([1, 1]);
  expect(new Set(readEventIds(receiver))).toEqual(new Set(createEventIds(1)));
  expect(sent.reported).toEqual({ "session:network_error": 1 });
  sent.closeAndExpectBalance();
});

test("numbers to add up wait like the others when they cannot have arrived", async () => {
  const outage = createOutage();
  const sent = await startTestTransport(outage.respond, { limits });
  const sending = sent.send([{}, [[{ type: "client_report" }, { discarded_events: [] }]]]);
  await expect.poll(() => outage.requests, patience).toBeGreaterThan(2);
  outage.isDown = false;
  await sending;
  expect(sent.receiver.sentry.clientReports).toHaveLength(1);
});

test("what is too old is given up on, for the reason it could not be sent", async () => {
  const later = await startLater();
  const sent = await startTestTransport(undefined, {
    url: readEndpoint(later.url),
    limits: { backOff: SHORT_PAUSES, maxAgeMillis: 50 },
  });
  await Promise.all([sent.send(createEvent()), sent.send(createSpans(3))]);
  expect(sent.reported).toEqual({ "error:network_error": 1, "span:network_error": 3 });
  const receiver = await later.startReceiver();
  await sent.send(createEvent(2));
  await receiver.close();
  expect(readEventIds(receiver)).toEqual([createEventId(2)]);
  sent.closeAndExpectBalance();
});

test("an envelope that fails alone holds up no other and is given up on", async () => {
  const respond: ReceiverOptions["respond"] = ({ headers }) =>
    Number(headers["content-length"]) > 5_000 ? { status: 503 } : undefined;
  const sent = await startTestTransport(respond, { limits });
  const poison = sent.send(createSpans(1, "x".repeat(6_000)));
  for (let number = 1; number <= 50; number += 1) await sent.send(createEvent(number));
  await poison;
  expect(readEventIds(sent.receiver)).toEqual(createEventIds(50));
  expect(sent.reported).toEqual({ "span:send_error": 1 });
  sent.closeAndExpectBalance();
});

test("a close while Sentry is down counts what waits under the reason", async () => {
  const outage = createOutage(503);
  const sent = await startTestTransport(outage.respond, { limits: { backOff: LONG_PAUSES } });
  const sending = Array.from({ length: 20 }, (_, index) => sent.send(createEvent(index + 1)));
  expect(await sent.transport.flush(10_000)).toBe(false);
  sent.closeAndExpectBalance();
  await Promise.all(sending);
  expect(sent.ledger.read("error").dropped).toEqual({ send_error: 20 });
});
