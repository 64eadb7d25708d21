import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import type { Receiver, ReceiverOptions, ScriptedResponse } from "@tracebridge/receivers";
import { startReceiver } from "@tracebridge/receivers";
import { afterEach, expect, test } from "vitest";
import { Ledger } from "../../src/sentry/client/ledger.ts";
import { EnvelopeTransport } from "../../src/sentry/transport/envelope-transport.ts";
import type { EnvelopeTransportOptions } from "../../src/sentry/transport/envelope-transport.ts";
import type { SentryEnvelope } from "../../src/sentry/index.ts";

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Sent {
  readonly transport: EnvelopeTransport;
  readonly receiver: Receiver;
  readonly ledger: Ledger;
  readonly reported: Record<string, number>;
}

async function start(
  respond?: ReceiverOptions["respond"],
  options: Partial<EnvelopeTransportOptions> = {},
): Promise<Sent> {
  const receiver = await startReceiver({ ...(respond && { respond }) });
  const ledger = new Ledger();
  const reported: Record<string, number> = {};
  const transport = new EnvelopeTransport({
    url: `${receiver.url}/api/1/envelope/`,
    ledger,
    reportDrop: (reason, category, count = 1) => {
      ledger.drop(category, reason, count);
      reported[`${category}:${reason}`] = (reported[`${category}:${reason}`] ?? 0) + count;
    },
    ...options,
  });
  closing.push(
    () => receiver.close(),
    () => transport.close(),
  );
  return { transport, receiver, ledger, reported };
}

function createSpans(count = 2, body = ""): SentryEnvelope {
  const header = {
    type: "span",
    item_count: count,
    content_type: "application/vnd.sentry.items.span.v2+json",
  };
  return [{}, [[header, { version: 2, items: [], body }]]];
}

function createEvent(): SentryEnvelope {
  return [{}, [[{ type: "event" }, { event_id: "1".repeat(32), message: "event" }]]];
}

test.each<[string, ScriptedResponse, Record<string, number>, Record<string, number>]>([
  ["a refusal (400)", { status: 400 }, { send_error: 2 }, { "span:send_error": 2 }],
  ["too large (413)", { status: 413 }, { send_error: 2 }, { "span:send_error": 2 }],
  ["a server error (500)", { status: 500 }, { send_error: 2 }, { "span:send_error": 2 }],
  ["too many (429), which Sentry counts itself", { status: 429 }, { rate_limited: 2 }, {}],
])("%s is counted by reason", async (_, response, dropped, reported) => {
  const sent = await start(() => response);
  await sent.transport.send(createSpans());
  expect(sent.ledger.read("span").dropped).toEqual(dropped);
  expect(sent.reported).toEqual(reported);
});

test("a rate limit stops its category and no other, before and after it was queued", async () => {
  const headers = { "x-sentry-rate-limits": "60:span:organization" };
  let requests = 0;
  const respond = (): ScriptedResponse | undefined => {
    requests += 1;
    return requests === 1 ? { status: 429, headers } : undefined;
  };
  const sent = await start(respond, { limits: { maxConnections: 1 } });
  const queued = sent.transport.send(createSpans(2));
  const behind = sent.transport.send(createSpans(3));
  await Promise.all([queued, behind]);
  await sent.transport.send([{}, [...createSpans(5)[1], ...createEvent()[1]]]);
  expect(sent.reported).toEqual({ "span:ratelimit_backoff": 8 });
  expect(sent.ledger.read("span").dropped).toEqual({ rate_limited: 2, ratelimit_backoff: 8 });
  expect(sent.receiver.sentry.events).toHaveLength(1);
  expect(requests).toBe(2);
});

test("a limit for all categories outlives one that has passed for a single category", async () => {
  const answers: ScriptedResponse[] = [
    { status: 200, headers: { "x-sentry-rate-limits": "0:span:key" } },
    { status: 429, headers: { "retry-after": "60" } },
  ];
  const sent = await start(() => answers.shift());
  await sent.transport.send(createSpans());
  await sent.transport.send(createSpans());
  await sent.transport.send(createSpans(7));
  expect(sent.reported).toEqual({ "span:ratelimit_backoff": 7 });
});

test("the queue is bounded in envelopes and bytes, and what does not fit is counted", async () => {
  const hang = () => ({ status: 200, delayMillis: Infinity });
  const few = await start(hang, { limits: { maxConnections: 1, maxEnvelopes: 2 } });
  for (let index = 0; index < 5; index += 1) void few.transport.send(createSpans(1));
  expect(few.reported).toEqual({ "span:queue_overflow": 2 });
  expect(few.transport.readQueue().envelopes).toBe(3);
  const small = await start(hang, { limits: { maxConnections: 1, maxBytes: 10_000 } });
  for (let index = 0; index < 5; index += 1) void small.transport.send(createSpans(1, "x".repeat(4_000)));
  expect(small.reported).toEqual({ "span:queue_overflow": 3 });
  expect(small.transport.readQueue().bytes).toBeLessThan(10_000);
});

test("a server that never answers is given up on, and the next one in line is sent", async () => {
  let requests = 0;
  const respond = (): ScriptedResponse | undefined => {
    requests += 1;
    return requests === 1 ? { status: 200, delayMillis: Infinity } : undefined;
  };
  const sent = await start(respond, { limits: { maxConnections: 1, deadlineMillis: 50 } });
  await Promise.all([sent.transport.send(createSpans()), sent.transport.send(createEvent())]);
  expect(sent.reported).toEqual({ "span:network_error": 2 });
  expect(sent.receiver.sentry.events).toHaveLength(1);
});

test("a server that drips its answer byte by byte is given up on too", async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
    const drip = setInterval(() => socket.write("."), 5);
    socket.on("close", () => clearInterval(drip));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/api/1/envelope/`;
  const sent = await start(undefined, { url, limits: { deadlineMillis: 100 } });
  await sent.transport.send(createSpans());
  expect(sent.reported).toEqual({ "span:network_error": 2 });
});

test("nobody listening is a network error", async () => {
  const sent = await start(undefined, { url: "http://127.0.0.1:9/api/1/envelope/" });
  await sent.transport.send(createSpans());
  expect(sent.reported).toEqual({ "span:network_error": 2 });
  expect(await sent.transport.flush(1_000)).toBe(true);
});

test("a lost client report is not reported", async () => {
  const sent = await start(() => ({ status: 500 }));
  await sent.transport.send([{}, [[{ type: "client_report" }, { discarded_events: [] }]]]);
  expect(sent.reported).toEqual({});
});

test("the last door sees every envelope; when it fails, nothing leaves", async () => {
  const scrubEnvelope = (envelope: SentryEnvelope): SentryEnvelope => {
    if (envelope[1].some(([{ type }]) => type === "span")) throw new Error("cannot scrub");
    return [envelope[0], [[{ type: "event" }, { event_id: "2".repeat(32), message: "scrubbed" }]]];
  };
  const sent = await start(undefined, { scrubEnvelope });
  await sent.transport.send(createSpans());
  await sent.transport.send(createEvent());
  expect(sent.reported).toEqual({ "span:internal_sdk_error": 2 });
  expect(sent.receiver.sentry.spans).toEqual([]);
  expect(sent.receiver.sentry.events).toMatchObject([{ message: "scrubbed" }]);
});

test("a flush ends with false when the server hangs, a close with everything counted", async () => {
  const sent = await start(() => ({ status: 200, delayMillis: Infinity }), { limits: { maxConnections: 1 } });
  const sending = [sent.transport.send(createSpans(1)), sent.transport.send(createSpans(2))];
  expect(await sent.transport.flush(20)).toBe(false);
  sent.transport.close();
  await Promise.all(sending);
  await sent.transport.send(createSpans(4));
  expect(sent.ledger.read("span").dropped).toEqual({ shutdown: 7 });
  expect(sent.transport.readQueue()).toEqual({ envelopes: 0, bytes: 0 });
});
