import { afterEach, beforeEach, expect, test } from "vitest";
import { matchers, startReceiver, type ExpectedSpan, type Receiver } from "@tracebridge/telemetry/testing";
import "../../../../test/trace-matchers.ts";
import { sendSpans, traceIdOf, type SentSpan } from "./send-spans.ts";

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const request: SentSpan = {
  id: "1",
  trace: "b",
  service: "users",
  name: "GET /users/:id",
  kind: "server",
  isError: true,
  attributes: { "http.request.method": "GET", "url.path": "/users/7" },
};
const query: SentSpan = {
  id: "2",
  parent: "1",
  trace: "b",
  service: "users",
  name: "find users",
  kind: "client",
};

const all: ExpectedSpan = {
  name: "GET /users/:id",
  service: "users",
  kind: "server",
  status: "error",
  traceId: traceIdOf("b"),
  attributes: { "http.request.method": "GET", "url.path": /^\/users\/\d$/, "http.route": undefined },
};

/** The message of the assertion that has to fail. */
function failureOf(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("the assertion passed");
}

test.each(["sentry", "otlp", "both", undefined] as const)(
  "a span that is as expected in every field passes with in: %s",
  async (where) => {
    await sendSpans(receiver, [query, request]);
    expect(receiver).toHaveSpan({ ...all, in: where });
    expect(receiver).toHaveSpan({ in: where });
    expect(receiver).toHaveSpan({ name: /^find/, kind: "client", status: "ok", in: where });
    expect(receiver).not.toHaveSpan({ name: "DELETE /users/:id", in: where });
  },
);

test.each<[string, ExpectedSpan, string]>([
  ["name", { name: "GET" }, 'name is "GET /users/:id", not "GET"'],
  ["name by pattern", { name: /^POST/ }, 'name is "GET /users/:id", not /^POST/'],
  ["service", { service: "orders" }, 'service is "users", not "orders"'],
  ["kind", { kind: "client" }, 'kind is "server", not "client"'],
  ["status", { status: "ok" }, 'status is "error", not "ok"'],
  ["trace", { traceId: traceIdOf("c") }, `traceId is "${traceIdOf("b")}", not "${traceIdOf("c")}"`],
  ["attribute", { attributes: { "url.path": "/" } }, 'attribute url.path is "/users/7", not "/"'],
  ["type of an attribute", { attributes: { "url.path": 7 } }, 'attribute url.path is "/users/7", not 7'],
  ["missing attribute", { attributes: { "user.id": "7" } }, "attribute user.id is missing"],
  [
    "attribute by matcher",
    { attributes: { "url.path": expect.any(Number) } },
    'attribute url.path is "/users/7", not Any<Number>',
  ],
  [
    "attribute that must not be there",
    { attributes: { "url.path": undefined } },
    'attribute url.path is "/users/7", not missing',
  ],
])(
  "another %s fails at either back end, and the message says what it is",
  async (_what, changed, difference) => {
    await sendSpans(receiver, [request]);
    for (const [where, name] of [
      ["sentry", "Sentry"],
      ["otlp", "OTLP"],
    ] as const) {
      const expected = { ...all, ...changed, in: where };
      expect(receiver).not.toHaveSpan(expected);
      const line = `at ${name}, users: server GET /users/:id (error) – ${difference}`;
      expect(failureOf(() => expect(receiver).toHaveSpan(expected)).split("\n")).toContain(`  ${line}`);
    }
  },
);

test("an attribute may be given as a matcher of the framework", async () => {
  await sendSpans(receiver, [request]);
  expect(receiver).toHaveSpan({ attributes: { "url.path": expect.stringContaining("users") }, in: "both" });
});

test("a failure shows what was expected and every span that arrived, the nearest first", async () => {
  await sendSpans(receiver, [{ id: "3", name: "work" }, query, request], ["otlp"]);
  const expected = { service: "users", name: "GET /users", status: "error", kind: "server" } as const;
  expect(failureOf(() => expect(receiver).toHaveSpan(expected))).toMatchInlineSnapshot(`
    "expected a span { service: "users", name: "GET /users", status: "error", kind: "server" }
    3 arrived, the nearest first:
      at OTLP, users: server GET /users/:id (error) – name is "GET /users/:id", not "GET /users"
      at OTLP, users: client find users – kind is "client", not "server"; name is "find users", not "GET /users"; status is "ok", not "error"
      at OTLP, order: internal work – service is "order", not "users"; kind is "internal", not "server"; name is "work", not "GET /users"; status is "ok", not "error""
  `);
});

test("a failure names the back end that lacks the span", async () => {
  await sendSpans(receiver, [request], ["otlp"]);
  await sendSpans(receiver, [query], ["sentry"]);
  expect(receiver).toHaveSpan({ ...all });
  expect(failureOf(() => expect(receiver).toHaveSpan({ name: request.name, in: "both" })))
    .toMatchInlineSnapshot(`
    "expected a span { name: "GET /users/:id" } at both Sentry and OTLP
    it arrived at OTLP, and not at Sentry
    1 arrived at Sentry, the nearest first:
      at Sentry, users: client find users – name is "find users", not "GET /users/:id""
  `);
});

test("two spans alike at the two back ends are not one span at both", async () => {
  await sendSpans(receiver, [request], ["otlp"]);
  await sendSpans(receiver, [{ ...request, id: "4" }], ["sentry"]);
  expect(receiver).not.toHaveSpan({ ...all, in: "both" });
  expect(failureOf(() => expect(receiver).toHaveSpan({ name: request.name, in: "both" })))
    .toMatchInlineSnapshot(`
    "expected a span { name: "GET /users/:id" } at both Sentry and OTLP
    spans like it arrived at both, but none with the same ids at both
    2 arrived, the nearest first:
      at Sentry, users: server GET /users/:id (error)
      at OTLP, users: server GET /users/:id (error)"
  `);
});

test("when nothing arrived the message says how to wait", () => {
  expect(failureOf(() => expect(receiver).toHaveSpan({ name: "GET" }))).toMatchInlineSnapshot(`
    "expected a span { name: "GET" }
    none arrived. What a running process has not sent yet arrives later: end it first, or use waitForSpan()"
  `);
});

test(".not fails with the spans that should not be there", async () => {
  await sendSpans(receiver, [request, query]);
  expect(failureOf(() => expect(receiver).not.toHaveSpan({ status: "error" }))).toMatchInlineSnapshot(`
    "expected no span { status: "error" }, but it is there:
      at Sentry, users: server GET /users/:id (error)
      at OTLP, users: server GET /users/:id (error)"
  `);
});

test("a message stays short, whatever arrived", async () => {
  const spans = Array.from({ length: 60 }, (_, index) => ({ id: "5", name: `${index}${"x".repeat(5_000)}` }));
  await sendSpans(receiver, [...spans, { id: "6", name: "same" }, { id: "7", name: "same" }], ["otlp"]);
  const message = failureOf(() =>
    expect(receiver).toHaveSpan({ name: "same?", attributes: { text: "y".repeat(5_000) } }),
  );
  expect(message.length).toBeLessThan(5_000);
  expect(message).toContain(
    'order: internal same – name is "same", not "same?"; attribute text is missing (2 times)',
  );
  expect(message).toContain("and 51 more");
});

test("a mistake in the call is told, not passed", () => {
  const slip = { nmae: "GET" } as ExpectedSpan;
  expect(() => expect(receiver).not.toHaveSpan(slip)).toThrow(
    /a span has no "nmae"; known are traceId, service/,
  );
  expect(() => expect(receiver).toHaveSpan({ traceId: undefined })).toThrow("traceId is undefined");
  expect(() => expect({}).not.toHaveSpan({})).toThrow("expected a receiver, as startReceiver() returns it");
});

test("the matchers are plain functions, for any framework", async () => {
  await sendSpans(receiver, [request]);
  expect(matchers.toHaveSpan(receiver, { kind: "server" }).pass).toBe(true);
  expect(matchers.toHaveSpan(receiver, { kind: "client" })).toMatchObject({ pass: false });
});
