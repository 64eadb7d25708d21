import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

const limits = { fixture: "limits.ts" };

test("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT is for log records alone", async () => {
  const { receiver } = await runFixture(
    (to) => ({ ...toOtlp(to), OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: "10" }),
    limits,
  );
  expect(receiver.otlp.logs[0]?.attributes["text"]).toBe("x".repeat(10));
  expect(receiver.otlp.spans[0]?.attributes["text"]).toBe("x".repeat(4096));
});

test("a value that is no whole number is told once and the default is used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: "many",
  }));
  expect(warnings).toEqual([
    expect.stringContaining(
      'OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT="many": not a whole number; allowed: whole number from ',
    ),
  ]);
  expect(receiver.otlp.spans).toHaveLength(3);
});
