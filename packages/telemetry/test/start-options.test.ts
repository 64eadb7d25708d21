import { expect, test } from "vitest";
import { runFixture, toBoth } from "./fixture-process.ts";

test("an application's own preload file starts telemetry with functions for Sentry, which OTLP does not see", async () => {
  const { receiver, report, warnings } = await runFixture(toBoth, { preload: "start-with-hooks.ts" });
  expect(warnings).toEqual([]);
  expect(report.stats?.spans.ended).toBe(3);
  expect(receiver.sentry.spans.map(({ name }) => name).toSorted()).toEqual([
    "hooked GET /work",
    "hooked call",
    "hooked step",
  ]);
  expect(receiver.otlp.spans.map(({ name }) => name).toSorted()).toEqual(["GET /work", "call", "step"]);
  expect(receiver.sentry.events).toMatchObject([{ tags: { hook: "was here" } }]);
});

test("spans that ignoreSpans matches are kept from Sentry, with their children where it is a segment, not from OTLP", async () => {
  const { receiver, report, warnings } = await runFixture(
    (to) => ({ ...toBoth(to), FIXTURE_REQUESTS: '[["GET","/static/logo.svg"],["GET","/order"]]' }),
    { preload: "start-ignoring.ts", fixture: "requests-and-messages.ts" },
  );
  expect(warnings).toEqual([]);
  expect(receiver.sentry.spans).toMatchObject([{ name: "GET", attributes: { "url.path": "/order" } }]);
  expect(receiver.otlp.spans.map(({ name }) => name).toSorted()).toEqual(["GET", "GET", "step", "step"]);
  expect(report.stats?.sentry?.spans).toEqual({ accepted: 4, delivered: 1, dropped: { ignored: 3 } });
});

test("libraries imported after an application's own preload file are instrumented", async () => {
  const { logLines } = await runFixture(toBoth, { preload: "start-with-hooks.ts" });
  expect(logLines[0]).toMatchObject({ msg: "working", trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) });
});

test("preferOnConflict continues Sentry's trace where headers name two, and links W3C's", async () => {
  const [w3c, sentry, spanId] = ["1".repeat(32), "2".repeat(32), "3".repeat(16)];
  const carrier = { traceparent: `00-${w3c}-${spanId}-01`, "sentry-trace": `${sentry}-${spanId}-1` };
  const { receiver } = await runFixture(
    (to) => ({ ...toBoth(to), FIXTURE_CARRIER: JSON.stringify(carrier) }),
    { preload: "start-preferring-sentry.ts" },
  );
  const server = receiver.otlp.spans.find(({ name }) => name === "GET /work");
  expect(server).toMatchObject({ traceId: sentry, parentSpanId: spanId, links: [{ traceId: w3c, spanId }] });
});
