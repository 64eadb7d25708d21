import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

test("OTEL_LOG_LEVEL=debug lets OpenTelemetry speak on standard error, the default keeps it quiet", async () => {
  const loud = await runFixture((to) => ({ ...toOtlp(to), OTEL_LOG_LEVEL: "debug" }));
  expect(loud.warnings.length).toBeGreaterThan(10);
  const quiet = await runFixture(toOtlp);
  expect(quiet.stderr).toBe("");
});

test("an unknown level is told once, and the default is used", async () => {
  const { warnings } = await runFixture((to) => ({ ...toOtlp(to), OTEL_LOG_LEVEL: "loud" }));
  expect(warnings).toEqual([
    expect.stringMatching(
      /OTEL_LOG_LEVEL="loud": unknown value; allowed: none, error, .* Using the default warn/,
    ),
  ]);
});
