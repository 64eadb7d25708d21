import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

const limits = { fixture: "limits.ts" };

test("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT bounds the attributes of an event; 128 when unset", async () => {
  const { receiver } = await runFixture(
    (to) => ({ ...toOtlp(to), OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: "3" }),
    limits,
  );
  expect(Object.keys(receiver.otlp.spans[0]?.events[0]?.attributes ?? {})).toHaveLength(3);
  const unset = await runFixture(toOtlp, limits);
  expect(Object.keys(unset.receiver.otlp.spans[0]?.events[0]?.attributes ?? {})).toHaveLength(128);
});

test("a value that is no whole number is told once and the default is used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: "many",
  }));
  expect(warnings).toEqual([
    expect.stringContaining(
      'OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT="many": not a whole number; allowed: whole number from ',
    ),
  ]);
  expect(receiver.otlp.spans).toHaveLength(3);
});
