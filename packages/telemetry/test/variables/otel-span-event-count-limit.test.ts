import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

const limits = { fixture: "limits.ts" };

test("OTEL_SPAN_EVENT_COUNT_LIMIT keeps the latest events; 128 when unset", async () => {
  const { receiver } = await runFixture(
    (to) => ({ ...toOtlp(to), OTEL_SPAN_EVENT_COUNT_LIMIT: "2" }),
    limits,
  );
  expect(receiver.otlp.spans[0]?.events.map((event) => event.name)).toEqual(["event 198", "event 199"]);
  const unset = await runFixture(toOtlp, limits);
  expect(unset.receiver.otlp.spans[0]?.events).toHaveLength(128);
});

test("a value that is no whole number is told once and the default is used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_SPAN_EVENT_COUNT_LIMIT: "many",
  }));
  expect(warnings).toEqual([
    expect.stringContaining(
      'OTEL_SPAN_EVENT_COUNT_LIMIT="many": not a whole number; allowed: whole number from ',
    ),
  ]);
  expect(receiver.otlp.spans).toHaveLength(3);
});
