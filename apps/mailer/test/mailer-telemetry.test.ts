import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { startMailServer, type MailServer } from "@tracebridge/embedded";
import { drawTrace, findSpans, findTrace, waitForTrace } from "@tracebridge/telemetry/testing";
import { WireConnection } from "../../../packages/embedded/test/broker-wire/wire-connection.ts";
import type { WireChannel } from "../../../packages/embedded/test/broker-wire/wire-channel.ts";
import { openTestQueues, type TestQueues } from "../../../packages/service/test/support/test-queues.ts";
import { startOrderStack, type OrderStack } from "../../../test/system/order-stack.ts";
import "../../../test/trace-matchers.ts";
import { anyHeaders } from "./any-headers.ts";
import { createRequest } from "./mailer-bench.ts";

let stack: OrderStack;
let mailServer: MailServer;
let queues: TestQueues;

beforeAll(async () => {
  mailServer = await startMailServer();
  stack = await startOrderStack({
    instances: { web: 0, order: 0, factory: 0, mailer: 1 },
    smtpUrl: mailServer.smtpUrl,
  });
  queues = await openTestQueues(stack.servers.amqpUrl);
});
beforeEach(() => mailServer.refuse());
afterAll(async () => {
  await queues.close();
  await stack.stop();
  await mailServer.stop();
});

/** Puts a request into the queue as web does, with the headers of a sampled trace. */
async function request(fields: Record<string, unknown> = {}): Promise<{ id: string; traceId: string }> {
  const body = createRequest({ to: "alice@example.com", ...fields });
  const [traceId, spanId] = [randomBytes(16).toString("hex"), randomBytes(8).toString("hex")];
  const headers = {
    traceparent: `00-${traceId}-${spanId}-01`,
    "sentry-trace": `${traceId}-${spanId}-1`,
    baggage: `sentry-trace_id=${traceId},sentry-sampled=true,sentry-sample_rate=1`,
  };
  await queues.send("mail", body, { headers });
  return { id: body.id, traceId };
}

/** Not JSON: received logs hold bigints. */
const everything = { depth: null, maxArrayLength: null, maxStringLength: null };
const output = (): string => (stack.output.get("mailer") ?? []).join("\n");

describe("a mail", () => {
  test("is one trace from its message to the SMTP server, the same at both back ends", async () => {
    const { traceId } = await request();
    await waitForTrace(stack.receiver, traceId, { spans: 4, timeoutMillis: 15_000 });
    const tree = [
      // Its parent is web's span, which this test only pretends.
      "mailer: consumer process mail (parent not received)",
      "  mailer: client smtp send",
      "  mailer: client update mail",
      "  mailer: client update mail",
    ].join("\n");
    expect(drawTrace(stack.receiver, traceId, { in: "otlp" })).toBe(tree);
    expect(drawTrace(stack.receiver, traceId, { in: "sentry" })).toBe(tree);
    // Logs arrive apart from the spans, and at each back end in their own time.
    await vi.waitFor(() => expect(findTrace(stack.receiver, traceId)).toMatchAcrossBackends(), {
      timeout: 15_000,
    });
    for (const span of findSpans(stack.receiver, { traceId, name: "smtp send" })) {
      expect(span.status).toBe("ok");
      expect(span.attributes).toMatchObject({
        "server.address": "127.0.0.1",
        "server.port": Number(new URL(mailServer.smtpUrl).port),
        "network.protocol.name": "smtp",
      });
    }
  });

  test("that is asked for again is looked up, and nothing of that looks like a failure", async () => {
    const first = await request();
    await waitForTrace(stack.receiver, first.traceId, { spans: 4, timeoutMillis: 15_000 });
    const { traceId } = await request({ id: first.id });
    await waitForTrace(stack.receiver, traceId, { spans: 4, timeoutMillis: 15_000 });
    expect(drawTrace(stack.receiver, traceId, { in: "otlp" })).toBe(
      [
        "mailer: consumer process mail (parent not received)",
        "  mailer: client find mail",
        "  mailer: client update mail",
        "  mailer: client update mail",
      ].join("\n"),
    );
    expect(findSpans(stack.receiver, { traceId }).filter(({ status }) => status === "error")).toEqual([]);
  });

  test("that is refused for good is one error on its SMTP span, and nobody's address is in it", async () => {
    mailServer.refuse({ at: "recipient", code: 550, text: "5.1.1 <carol@example.org> is unknown here" });
    const { traceId } = await request({ to: "carol@example.org" });
    await stack.receiver.waitFor("the error", ({ sentry }) =>
      sentry.events.some((event) => event.traceId === traceId),
    );
    const { sentry } = await waitForTrace(stack.receiver, traceId, { spans: 5, timeoutMillis: 15_000 });
    const spans = findSpans(stack.receiver, { traceId, name: "smtp send" });
    expect(spans).toHaveLength(2);
    for (const span of spans) {
      expect(span).toMatchObject({ status: "error", attributes: { "error.type": "550" } });
    }
    expect(sentry.events).toHaveLength(1);
    expect(JSON.stringify(sentry.events)).toContain("the SMTP server refused the mail: 550 5.1.1 at RCPT TO");
    const dead = await queues.take("mail.dead");
    expect(dead.properties.headers).toMatchObject({ "x-dead-attempts": 1 });
    expect(JSON.stringify(dead.properties.headers)).not.toContain("carol");
    expect(inspect(findTrace(stack.receiver, traceId), everything)).not.toContain("carol");
    expect(output()).not.toContain("carol");
  });

  test("that cannot be used leaves no address anywhere", async () => {
    await request({ to: "dave@example.org, erin@example.org", expiresAt: "dave@example.org" });
    const dead = await queues.take("mail.dead");
    expect(JSON.stringify(dead.properties.headers)).not.toContain("dave");
    await stack.receiver.waitFor("the error", ({ sentry }) =>
      sentry.events.some((event) => JSON.stringify(event).includes("unknown_shape")),
    );
    const { sentry, otlp } = stack.receiver;
    expect(
      inspect([sentry.spans, sentry.events, sentry.logs, otlp.spans, otlp.logs], everything),
    ).not.toMatch(/dave|erin/);
    expect(output()).not.toMatch(/dave|erin/);
  });
});

describe("headers of any type", () => {
  let channel: WireChannel;
  beforeAll(async () => {
    const connection = await WireConnection.open(stack.servers.amqpUrl);
    channel = await connection.channel();
    await channel.confirmSelect();
  });

  const publish = async (body: string, headers: (typeof anyHeaders)[string]): Promise<void> => {
    const names = ["traceparent", "sentry-trace", "baggage", "tracestate", "x-death", "x-other"];
    const table = Object.fromEntries(names.map((name) => [name, headers]));
    channel.publish({ key: "mail", body, properties: { messageId: "strange", headers: table } });
    expect(new Set(await channel.confirms())).toEqual(new Set(["ack"]));
  };

  test.each(Object.keys(anyHeaders))("%s: the mail is sent", async (name) => {
    const body = createRequest();
    await publish(JSON.stringify(body), anyHeaders[name] ?? null);
    await expect
      .poll(() => mailServer.mails().filter(({ messageId }) => messageId.includes(body.id)).length, {
        timeout: 15_000,
      })
      .toBe(1);
  });

  test.each(Object.keys(anyHeaders))("%s: what is no request is set aside with its reason", async (name) => {
    await publish("no JSON", anyHeaders[name] ?? null);
    const dead = await queues.take("mail.dead");
    expect(dead.properties.headers).toMatchObject({ "x-dead-reason": "bad_json" });
  });

  test("a count of deliveries that no consumer can have made sets the request aside", async () => {
    const headers = { "x-delivery-count": { type: "double", value: 1e308 } } as const;
    const body = JSON.stringify(createRequest());
    channel.publish({ key: "mail", body, properties: { messageId: "strange", headers } });
    const dead = await queues.take("mail.dead");
    expect(dead.properties.headers).toMatchObject({ "x-dead-reason": "delivered_too_often" });
  });

  test("after all of that it is the same process, and it is ready", async () => {
    expect((await fetch(`${stack.urls.mailer}/readiness`)).status).toBe(200);
    expect(output().match(/"msg":"Listening"/g)).toHaveLength(1);
  });
});

test("in all that was sent and printed up to here is no address", () => {
  const { sentry, otlp } = stack.receiver;
  expect(sentry.spans.length).toBeGreaterThan(100);
  const told = inspect([sentry.spans, sentry.events, sentry.logs, otlp.spans, otlp.logs], everything);
  expect(told + output()).not.toMatch(/alice|carol|dave|erin|example\.(?:com|org)/);
});
