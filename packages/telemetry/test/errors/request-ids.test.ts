import { startBroker } from "@tracebridge/embedded";
import { startReceiver } from "@tracebridge/receivers";
import type { Receiver } from "@tracebridge/receivers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toBoth } from "../fixture-process.ts";
import { startPeer } from "../peer-process.ts";

const REQUESTS = 40;
const ROLES = ["edge", "middle", "worker"] as const;
const requests = Array.from({ length: REQUESTS }, (_, index) => ({
  id: `request_${index}`,
  user: `user-${index}`,
}));
let receiver: Receiver;
let answered: (string | null)[];
let exitCodes: (number | null)[];

beforeAll(async () => {
  receiver = await startReceiver();
  const broker = await startBroker();
  const start = (role: string, env: Record<string, string>) =>
    startPeer("forwarding-service.ts", {
      ...toBoth(receiver),
      OTEL_SERVICE_NAME: role,
      FIXTURE_ROLE: role,
      AMQP_URL: broker.url,
      ...env,
    });
  const [worker, middle] = await Promise.all([start("worker", {}), start("middle", {})]);
  const target = `127.0.0.1:${middle.port}`;
  const edge = await start("edge", {
    MIDDLE_URL: `http://${target}`,
    TRACEBRIDGE_PROPAGATION_TARGETS: target,
  });
  answered = await Promise.all(requests.map((request) => placeOrder(edge.port, request)));
  await receiver.waitFor(
    "the error of every message",
    ({ sentry }) => sentry.events.length >= REQUESTS * ROLES.length,
  );
  exitCodes = await Promise.all([edge, middle, worker].map((peer) => peer.end()));
  await broker.close();
}, 60_000);
afterAll(() => receiver.close());

async function placeOrder(port: number, { id, user }: { id: string; user: string }): Promise<string | null> {
  const response = await fetch(`http://127.0.0.1:${port}/order`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-request-id": id },
    body: JSON.stringify({ user }),
  });
  return response.headers.get("x-request-id");
}

test("each of 40 requests at once is answered with its own id, and the services end well", () => {
  expect(answered).toEqual(requests.map(({ id }) => id));
  expect(exitCodes).toEqual([0, 0, 0]);
});

describe.each(ROLES)("at the %s", (role) => {
  const inOrder = (pairs: (readonly [unknown, unknown])[]): string[] =>
    pairs.map(([id, user]) => `${String(id)} of ${String(user)}`).toSorted();
  const expected = inOrder(requests.map(({ id, user }) => [id, user]));

  test("the error of every request has its id and its user", () => {
    const events = receiver.sentry.events.filter(({ service }) => service === role);
    const users = events.map(
      ({ tags, raw }) => [tags["requestId"], (raw["user"] as { id: string }).id] as const,
    );
    expect(inOrder(users)).toEqual(expected);
    for (const { tags } of events) expect(tags).not.toHaveProperty("user.id");
  });

  test("the log records of every request have them, in both back ends", () => {
    for (const logs of [receiver.otlp.logs, receiver.sentry.logs]) {
      const own = logs.filter(({ body }) => body === `seen at the ${role}`);
      const information = own.filter(({ severityNumber }) => severityNumber === 9);
      expect(
        inOrder(information.map(({ attributes }) => [attributes["requestId"], attributes["user.id"]])),
      ).toEqual(expected);
    }
  });

  test("every span of the service has the id of its request and, from when it is known, of the user", () => {
    const spans = receiver.otlp.spans.filter(
      ({ service, attributes }) => service === role && attributes["requestId"] !== undefined,
    );
    const kind = role === "worker" ? "consumer" : "server";
    const entries = spans.filter((span) => span.kind === kind);
    expect(
      inOrder(entries.map(({ attributes }) => [attributes["requestId"], attributes["user.id"]])),
    ).toEqual(expected);
    for (const entry of entries) {
      const ofTrace = receiver.otlp.spans.filter(
        (span) => span.traceId === entry.traceId && span.service === role,
      );
      for (const span of ofTrace) expect(span.attributes["requestId"]).toBe(entry.attributes["requestId"]);
    }
  });
});
