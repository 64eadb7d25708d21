import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

const notSampled = {
  FIXTURE_CARRIER: '{"traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"}',
};

test("OTEL_TRACES_SAMPLER=always_off records nothing, and the header says so", async () => {
  const { receiver, report } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_TRACES_SAMPLER: "always_off",
  }));
  expect(receiver.otlp.spans).toEqual([]);
  expect(report.seen[0]?.carrier["traceparent"]).toMatch(/-00$/);
});

test("unset, a parent that was not sampled is followed; OTEL_TRACES_SAMPLER=always_on is not impressed", async () => {
  const unset = await runFixture((to) => ({ ...toOtlp(to), ...notSampled }));
  expect(unset.receiver.otlp.spans).toEqual([]);
  const always = await runFixture((to) => ({
    ...toOtlp(to),
    ...notSampled,
    OTEL_TRACES_SAMPLER: "always_on",
  }));
  expect(always.receiver.otlp.spans).toHaveLength(3);
});

test("OTEL_TRACES_SAMPLER=parentbased_always_off records what a sampled parent brings, and nothing of its own", async () => {
  const own = await runFixture((to) => ({ ...toOtlp(to), OTEL_TRACES_SAMPLER: "parentbased_always_off" }));
  expect(own.receiver.otlp.spans).toEqual([]);
  const sampled = { FIXTURE_CARRIER: notSampled.FIXTURE_CARRIER.replace('-00"', '-01"') };
  const joined = await runFixture((to) => ({
    ...toOtlp(to),
    ...sampled,
    OTEL_TRACES_SAMPLER: "parentbased_always_off",
  }));
  expect(joined.receiver.otlp.spans).toHaveLength(3);
});

test("an unknown sampler is told once and the default is used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_TRACES_SAMPLER: "sometimes",
  }));
  expect(warnings).toEqual([
    expect.stringContaining('OTEL_TRACES_SAMPLER="sometimes": unknown value; allowed: always_on'),
  ]);
  expect(receiver.otlp.spans).toHaveLength(3);
});
