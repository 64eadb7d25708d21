import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

const limits = { fixture: "limits.ts" };

test("unset, texts of spans and log records are cut at 4,096 characters", async () => {
  const { receiver } = await runFixture(toOtlp, limits);
  expect(receiver.otlp.spans[0]?.attributes["text"]).toBe("x".repeat(4096));
  expect(receiver.otlp.logs[0]?.attributes["text"]).toBe("x".repeat(4096));
});

test("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT sets another limit for both", async () => {
  const { receiver } = await runFixture(
    (to) => ({ ...toOtlp(to), OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "10" }),
    limits,
  );
  expect(receiver.otlp.spans[0]?.attributes["text"]).toBe("x".repeat(10));
  expect(receiver.otlp.logs[0]?.attributes["text"]).toBe("x".repeat(10));
});

test("a value that is no whole number is told once and the default is used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "many",
  }));
  expect(warnings).toEqual([
    expect.stringContaining(
      'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT="many": not a whole number; allowed: whole number from ',
    ),
  ]);
  expect(receiver.otlp.spans).toHaveLength(3);
});
