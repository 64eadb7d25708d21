import { afterAll, beforeAll, expect, test } from "vitest";
import { startOrderStack, type OrderStack } from "./order-stack.ts";

let stack: OrderStack;
beforeAll(async () => {
  stack = await startOrderStack();
});
afterAll(() => stack.stop());

const post = (body: string | undefined): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body,
});
const inputs: [name: string, path: string, init: RequestInit, status: number][] = [
  ["an empty body", "/order", post(""), 400],
  ["no JSON", "/order", post("{bad"), 400],
  ["a number for the id", "/order", post('{"id":3}'), 400],
  ["an operator object for the id", "/order", post('{"id":{"$gt":""}}'), 400],
  ["an id with other characters", "/order", post('{"id":"a b"}'), 400],
  ["an unknown way to fail", "/order", post('{"id":"a","fail":"twice"}'), 400],
  ["20 KB", "/order", post(JSON.stringify({ id: "a", more: "x".repeat(20_000) })), 413],
  ["an id nobody has ordered", "/order/nobody", {}, 404],
  ["an id that is none", "/order/%24gt%3A", {}, 400],
];

test("the caller's mistakes are answered, recorded as spans, and no error of ours in Sentry", async () => {
  for (const [name, path, init, status] of inputs) {
    const response = await fetch(`${stack.urls.web}${path}`, init);
    expect(response.status, name).toBe(status);
    expect(await response.json(), name).toMatchObject({ error: { code: expect.any(String) } });
  }
  const requests = (spans: readonly { attributes: Record<string, unknown> }[]): string[] =>
    spans.flatMap((span) => span.attributes["http.response.status_code"] ?? []).map(String);
  await stack.receiver.waitFor("the span of every request", ({ otlp, sentry }) =>
    [otlp.spans, sentry.spans].every((spans) => requests(spans).length >= inputs.length),
  );
  // Ending the services sends whatever still waits.
  await stack.processes.get("web")?.stop(10_000);
  // Each trace is an envelope of its own, and they arrive in any order.
  const statuses = inputs.map(([, , , status]) => String(status));
  expect(requests(stack.receiver.sentry.spans).toSorted()).toEqual(statuses.toSorted());
  expect(stack.receiver.sentry.events).toEqual([]);
});
