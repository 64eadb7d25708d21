import { setImmediate as nextTurn } from "node:timers/promises";
import { context } from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import { expect, test } from "vitest";
import { Ledger } from "../../sentry/client/ledger.ts";
import { QueuedTransport } from "../../sentry/transport/queued-transport.ts";
import type { WrittenEnvelope } from "../../sentry/transport/queued-transport.ts";
import { PageContextManager } from "../trace/page-context-manager.ts";
import type { PostAnswer, PostRequest } from "../types.ts";
import { PageSender } from "./page-sender.ts";

interface Posted extends PostRequest {
  readonly answer: (answer: PostAnswer) => void;
  readonly fail: (error: unknown) => void;
  readonly isUntraced: boolean;
}

const OK: PostAnswer = {
  statusCode: 200,
  text: "",
  headers: { "x-sentry-rate-limits": null, "retry-after": null },
};

function startTransport() {
  const posted: Posted[] = [];
  const page = { isLast: false };
  const sender = new PageSender({
    path: "/tb/e",
    isLast: () => page.isLast,
    post: (request) =>
      new Promise((answer, fail) => {
        posted.push({ ...request, answer, fail, isUntraced: isTracingSuppressed(context.active()) });
      }),
  });
  const ledger = new Ledger();
  const transport = new QueuedTransport({
    sender,
    ledger,
    limits: {
      maxEnvelopes: 10,
      maxBytes: 1_000,
      maxAgeMillis: 60_000,
      backOff: { firstMillis: 60_000, maxMillis: 60_000 },
    },
    reportDrop: (reason, category, count) => ledger.drop(category, reason, count),
  });
  const send = (count: number): void => {
    ledger.accept("span", count);
    transport.sendAllWritten(Array.from({ length: count }, createEnvelope));
  };
  return { posted, page, ledger, transport, send };
}

function createEnvelope(): WrittenEnvelope {
  return { body: new TextEncoder().encode("{}"), items: [{ category: "span", count: 1 }] };
}

test("a page has few requests under way, and all of them while it is being hidden", async () => {
  const { posted, page, send } = startTransport();
  send(6);
  await nextTurn();
  expect(posted.map(({ isLast }) => isLast)).toEqual([false, false, false, false]);
  page.isLast = true;
  send(2);
  await nextTurn();
  expect(posted.slice(4).map(({ isLast }) => isLast)).toEqual([true, true, true, true]);
});

test("every envelope is posted to the tunnel, with a deadline and untraced", async () => {
  context.setGlobalContextManager(new PageContextManager());
  const { posted, send } = startTransport();
  send(1);
  await nextTurn();
  context.disable();
  expect(posted).toMatchObject([
    {
      path: "/tb/e",
      contentType: "application/x-sentry-envelope",
      timeoutMillis: 10_000,
      isUntraced: true,
    },
  ]);
});

test("what nobody answers goes back into the queue, and is counted when the page ends", async () => {
  const { posted, ledger, transport, send } = startTransport();
  send(3);
  await nextTurn();
  posted[0]?.answer(OK);
  posted[1]?.fail(new TypeError("Failed to fetch"));
  posted[2]?.fail("a text");
  await nextTurn();
  expect(transport.readQueue().envelopes).toBe(2);
  transport.close();
  expect(ledger.read("span")).toEqual({ accepted: 3, delivered: 1, dropped: { network_error: 2 } });
});

test("more than a page may keep is dropped and counted", async () => {
  const { ledger, transport, send } = startTransport();
  send(12);
  await nextTurn();
  expect(transport.readQueue().envelopes).toBe(10);
  expect(ledger.read("span").dropped).toEqual({ queue_overflow: 2 });
  transport.close();
  expect(ledger.read("span")).toEqual({
    accepted: 12,
    delivered: 0,
    dropped: { queue_overflow: 2, shutdown: 10 },
  });
});
