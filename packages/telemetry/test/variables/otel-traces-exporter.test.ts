import { expect, test } from "vitest";
import { runFixture, toBoth, toOtlp } from "../fixture-process.ts";

const ids = (spans: readonly { spanId: string }[]): string[] => spans.map((span) => span.spanId).toSorted();

test("OTEL_TRACES_EXPORTER=none sends no spans", async () => {
  const { receiver, report } = await runFixture((to) => ({
    ...toBoth(to),
    OTEL_TRACES_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  }));
  expect(receiver.otlp.requests).toEqual([]);
  expect(receiver.sentry.spans).toEqual([]);
  // For the exceptions that spans record: errors go to Sentry whatever happens to spans.
  expect(report.recording).toBe(true);
});

test("OTEL_TRACES_EXPORTER=none without Sentry records nothing at all", async () => {
  const { receiver, report } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_TRACES_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  }));
  expect(receiver.otlp.requests).toEqual([]);
  expect(report.recording).toBe(false);
});

test("OTEL_TRACES_EXPORTER=otlp sends spans to OTLP only", async () => {
  const { receiver } = await runFixture((to) => ({ ...toBoth(to), OTEL_TRACES_EXPORTER: "otlp" }));
  expect(receiver.otlp.spans.map((span) => span.name).toSorted()).toEqual(["GET /work", "call", "step"]);
  expect(receiver.sentry.spans).toEqual([]);
});

test("OTEL_TRACES_EXPORTER=sentry sends spans to Sentry only", async () => {
  const { receiver } = await runFixture((to) => ({ ...toBoth(to), OTEL_TRACES_EXPORTER: "sentry" }));
  expect(receiver.sentry.spans).toHaveLength(3);
  expect(receiver.otlp.spans).toEqual([]);
});

test("OTEL_TRACES_EXPORTER=sentry,otlp sends the same span ids to both", async () => {
  const { receiver } = await runFixture((to) => ({ ...toBoth(to), OTEL_TRACES_EXPORTER: "sentry,otlp" }));
  expect(receiver.otlp.spans).toHaveLength(3);
  expect(ids(receiver.sentry.spans)).toEqual(ids(receiver.otlp.spans));
});

test("OTEL_TRACES_EXPORTER=console prints spans and sends nothing", async () => {
  const { receiver, stdout } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_TRACES_EXPORTER: "console",
    OTEL_LOGS_EXPORTER: "none",
  }));
  expect(stdout).toContain("name: 'GET /work'");
  expect(receiver.otlp.requests).toEqual([]);
});

test("unset, spans go to OTLP without a DSN, and to both with a DSN and an endpoint", async () => {
  const without = await runFixture(toOtlp);
  expect(without.receiver.otlp.spans).toHaveLength(3);
  expect(without.warnings).toEqual([]);
  const withDsn = await runFixture(toBoth);
  expect(ids(withDsn.receiver.sentry.spans)).toEqual(ids(withDsn.receiver.otlp.spans));
  expect(withDsn.receiver.otlp.spans).toHaveLength(3);
});

test("unset, spans go to Sentry alone when there is a DSN and no OTLP endpoint", async () => {
  const { receiver, warnings } = await runFixture((to) => ({ SENTRY_DSN: to.dsn }));
  expect(receiver.sentry.spans).toHaveLength(3);
  expect(warnings).toEqual([]);
});

test("an unknown member is told once and left out; the others work", async () => {
  const { receiver, warnings, exitCode } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_TRACES_EXPORTER: "zipkin,otlp",
  }));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('OTEL_TRACES_EXPORTER="zipkin,otlp"');
  expect(warnings[0]).toContain("allowed: comma list of sentry, otlp, console, none");
  expect(warnings[0]).toContain("Using otlp.");
  expect(receiver.otlp.spans).toHaveLength(3);
  expect(exitCode).toBe(0);
});

test("none beside another exporter is told once", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_TRACES_EXPORTER: "none,otlp",
  }));
  expect(warnings).toEqual([
    expect.stringContaining('OTEL_TRACES_EXPORTER="none,otlp": "none" excludes the others'),
  ]);
  expect(receiver.otlp.spans).toHaveLength(3);
});

test("sentry without a DSN is told once and sends nothing", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_TRACES_EXPORTER: "sentry",
    OTEL_LOGS_EXPORTER: "none",
  }));
  expect(warnings).toEqual([expect.stringContaining('"sentry" needs SENTRY_DSN')]);
  expect(receiver.otlp.requests).toEqual([]);
});
