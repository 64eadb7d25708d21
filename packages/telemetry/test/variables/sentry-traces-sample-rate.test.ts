import { expect, test } from "vitest";
import { runFixture, toBoth } from "../fixture-process.ts";

test("SENTRY_TRACES_SAMPLE_RATE=0 sends no spans to Sentry, all to OTLP, and errors still arrive", async () => {
  const { receiver } = await runFixture((to) => ({ ...toBoth(to), SENTRY_TRACES_SAMPLE_RATE: "0" }));
  expect(receiver.sentry.spans).toEqual([]);
  expect(receiver.otlp.spans).toHaveLength(3);
  expect(receiver.sentry.events).toHaveLength(1);
});

test("unset, production sends one trace in ten and other environments send all", async () => {
  const many = {
    FIXTURE_REQUESTS: "100",
    OTEL_TRACES_EXPORTER: "sentry",
    OTEL_LOGS_EXPORTER: "none",
    TRACEBRIDGE_ERRORS: "off",
  };
  const production = await runFixture((to) => ({
    SENTRY_DSN: to.dsn,
    ...many,
    SENTRY_ENVIRONMENT: "production",
  }));
  const traces = new Set(production.receiver.sentry.spans.map((span) => span.traceId)).size;
  // Outside of this bound by chance: less than once in a million runs.
  expect(traces).toBeLessThan(28);
  const staging = await runFixture((to) => ({ SENTRY_DSN: to.dsn, ...many, SENTRY_ENVIRONMENT: "staging" }));
  expect(new Set(staging.receiver.sentry.spans.map((span) => span.traceId)).size).toBe(100);
});

test("a value that is no rate is told once and the default is used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    SENTRY_DSN: to.dsn,
    SENTRY_TRACES_SAMPLE_RATE: "10",
  }));
  expect(warnings).toEqual([
    expect.stringContaining(
      'SENTRY_TRACES_SAMPLE_RATE="10": out of range; allowed: number from 0 to 1. Using the default',
    ),
  ]);
  expect(receiver.sentry.spans).toHaveLength(3);
});
