import { expect, test } from "vitest";
import { runFixture, toBoth } from "./fixture-process.ts";

const recorded = { fixture: "recorded-exception.ts" };
const nothing = { accepted: 0, delivered: 0, dropped: {} };

test.each([
  ["otlp", "always_on"],
  ["otlp", "always_off"],
  ["console", "always_on"],
  ["none", "always_on"],
])(
  "with OTEL_TRACES_EXPORTER=%s and %s a recorded exception becomes an issue, and Sentry hears nothing of spans",
  async (exporter, sampler) => {
    const { receiver, report, warnings } = await runFixture(
      (to) => ({ ...toBoth(to), OTEL_TRACES_EXPORTER: exporter, OTEL_TRACES_SAMPLER: sampler }),
      recorded,
    );
    const { events, spans, clientReports } = receiver.sentry;
    expect(events).toMatchObject([
      {
        exceptions: [{ type: "Error", value: "recorded in /work" }],
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
        spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    ]);
    expect(events[0]?.raw["transaction"]).toBe("GET /work");
    expect([spans, clientReports]).toEqual([[], []]);
    expect(report.stats?.sentry?.spans).toEqual(nothing);
    expect(warnings).toEqual([]);
  },
);

test("the issue names the OpenTelemetry span that recorded the exception", async () => {
  const { receiver } = await runFixture((to) => ({ ...toBoth(to), OTEL_TRACES_EXPORTER: "otlp" }), recorded);
  const [event] = receiver.sentry.events;
  const span = receiver.otlp.spans.find(({ name }) => name === "reserve");
  expect(event).toMatchObject({ traceId: span?.traceId, spanId: span?.spanId });
});

test("with TRACEBRIDGE_ERRORS=off nothing is recorded for errors, and none arrives", async () => {
  const off = { OTEL_TRACES_EXPORTER: "none", TRACEBRIDGE_ERRORS: "off" };
  const { receiver, report } = await runFixture((to) => ({ ...toBoth(to), ...off }), recorded);
  expect(receiver.sentry.envelopes).toEqual([]);
  expect(report.stats?.spans.ended).toBe(0);
});
