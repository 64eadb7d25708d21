import { startReceiver } from "@tracebridge/receivers";
import type { OtlpSpan, Receiver, SentryEvent, SentrySpan } from "@tracebridge/receivers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toBoth } from "../fixture-process.ts";
import { startPeer } from "../peer-process.ts";

const TRANSPORT = {
  "messaging.system": "lines",
  "messaging.destination.name": "jobs",
};
let receiver: Receiver;
let exitCodes: (number | null)[];

/** Two processes with a socket between them; resolves when both have ended. */
beforeAll(async () => {
  receiver = await startReceiver();
  const start = (service: string, env: Record<string, string>) =>
    startPeer("line-peer.ts", { ...toBoth(receiver), OTEL_SERVICE_NAME: service, ...env });
  const consumer = await start("consumer", {});
  const producer = await start("producer", { LINE_PORT: String(consumer.port) });
  exitCodes = await Promise.all([consumer.end(), producer.end()]);
});
afterAll(() => receiver.close());

function findSpan(name: string, messageId: string): OtlpSpan {
  const spans = receiver.otlp.spans.filter(
    (span) => span.name === name && span.attributes["messaging.message.id"] === messageId,
  );
  if (spans.length !== 1 || !spans[0]) throw new Error(`${spans.length} spans ${name} of ${messageId}`);
  return spans[0];
}

function findSentrySpan(span: OtlpSpan): SentrySpan | undefined {
  return receiver.sentry.spans.find(({ spanId }) => spanId === span.spanId);
}

function findIssue(text: string): SentryEvent | undefined {
  const events = receiver.sentry.events.filter(({ exceptions }) => exceptions[0]?.value === text);
  expect(events, text).toHaveLength(1);
  return events[0];
}

test("both processes end by themselves", () => {
  expect(exitCodes).toEqual([0, 0]);
});

test.each(["m1", "m2"])("message %s is one trace at both receivers: request, send, process", (id) => {
  const sent = findSpan("send jobs", id);
  const processed = findSpan("process jobs", id);
  const request = receiver.otlp.spans.find(({ name }) => name === "place order");
  expect(sent).toMatchObject({ kind: "producer", service: "producer", parentSpanId: request?.spanId });
  expect(processed).toMatchObject({ kind: "consumer", service: "consumer", parentSpanId: sent.spanId });
  expect(processed.traceId).toBe(request?.traceId);
  for (const span of [sent, processed]) {
    expect(findSentrySpan(span)).toMatchObject({
      traceId: span.traceId,
      parentSpanId: span.parentSpanId,
      name: span.name,
    });
  }
});

test("the spans carry what the conventions and Sentry's Queues page ask for", () => {
  const sent = findSpan("send jobs", "m1");
  const processed = findSpan("process jobs", "m1");
  const message = { ...TRANSPORT, "messaging.message.id": "m1", "messaging.message.body.size": 2 };
  for (const [span, verb] of [
    [sent, "send"],
    [processed, "process"],
  ] as const) {
    const operation = { "messaging.operation.name": verb, "messaging.operation.type": verb };
    expect(span.attributes).toMatchObject({ ...message, ...operation });
  }
  expect(findSentrySpan(sent)).toMatchObject({
    attributes: { "sentry.op": "queue.publish", ...TRANSPORT, "messaging.message.id": "m1" },
  });
  expect(findSentrySpan(processed)).toMatchObject({
    isSegment: true,
    attributes: { "sentry.op": "queue.process", ...TRANSPORT, "messaging.message.id": "m1" },
  });
});

test("the ids of the request and of its user travel with the message", () => {
  expect(findSpan("process jobs", "m1").attributes).toMatchObject({
    orderId: "order-1",
    "user.id": "user-1",
  });
  expect(findIssue("warned of m1")).toMatchObject({
    tags: { orderId: "order-1" },
    raw: { user: { id: "user-1" } },
  });
});

test("messages that are worked on at the same time share nothing, neither among themselves nor with the connection", () => {
  for (const id of ["m1", "m2", "m3", "m4"]) {
    const issue = findIssue(`warned of ${id}`);
    expect(issue?.breadcrumbs.map((crumb) => crumb["message"])).toEqual([`working on ${id}`]);
    expect(issue?.tags["message"]).toBe(id);
    expect(issue?.traceId).toBe(findSpan("process jobs", id).traceId);
  }
  expect(findIssue("warned of m3")?.raw).not.toHaveProperty("user");
});

test.each(["m3", "m4"])("message %s, whose headers are of other types, begins a trace of its own", (id) => {
  expect(findSpan("process jobs", id)).not.toHaveProperty("parentSpanId");
});

test("a message that fails is a failed span and one issue", () => {
  expect(findSpan("process jobs", "m2")).toMatchObject({
    status: "error",
    statusMessage: "cannot work on m2",
  });
  expect(findIssue("cannot work on m2")).toMatchObject({
    spanId: findSpan("process jobs", "m2").spanId,
    tags: { "messaging.destination.name": "jobs" },
  });
});

test("a message that cannot be sent is a failed span, and its error is the caller's", () => {
  expect(findSpan("send jobs", "m0")).toMatchObject({ status: "error", statusMessage: "the peer is gone" });
});
