import { beforeAll, describe, expect, test } from "vitest";
import { runFixture, toBoth, toOtlp } from "../fixture-process.ts";
import type { FixtureEnv, FixtureRun } from "../fixture-process.ts";

const backEnds: readonly (readonly [string, FixtureEnv])[] = [
  ["with Sentry and OTLP", toBoth],
  ["with OTLP alone", toOtlp],
];

describe.each(backEnds)("errors and ids that throw when they are read, %s", (_, env) => {
  let run: FixtureRun;
  beforeAll(async () => {
    run = await runFixture(env, { fixture: "hostile-errors.ts" });
  });

  test("reach the application as they were thrown, and nothing else does", () => {
    expect(run.stdout).toContain('{"hostile":{"problems":[],"ran":3}}');
    expect(run.exitCode).toBe(0);
  });

  test("end their spans, which say that they failed", () => {
    const { spans } = run.receiver.otlp;
    const failed = spans.filter(({ status }) => status === "error").map(({ name }) => name);
    const four = (name: string): string[] => Array.from({ length: 4 }, () => name);
    expect(failed.toSorted()).toEqual(
      ["captured", "in a span", "in an operation", "process jobs"].flatMap(four),
    );
    expect(spans.map(({ name }) => name)).toContain("a result that throws");
  });

  test("leave their line in the log", () => {
    expect(run.logLines.map(({ msg }) => msg)).toEqual(Array.from({ length: 4 }, () => "It failed"));
  });
});
