import { beforeAll, expect, test } from "vitest";
import { runFixture, toBoth } from "../fixture-process.ts";
import type { FixtureRun } from "../fixture-process.ts";

const LEVELS = [
  ["trace", 10, 1],
  ["debug", 20, 5],
  ["info", 30, 9],
  ["warn", 40, 13],
  ["error", 50, 17],
  ["fatal", 60, 21],
] as const;
let run: FixtureRun;
beforeAll(async () => {
  run = await runFixture(toBoth, { fixture: "six-levels.ts" });
});

test.each(LEVELS)(
  "one call at level %s is a line, a log record and a Sentry log with the same ids",
  (level, pino, severityNumber) => {
    const { otlp, sentry } = run.receiver;
    const span = otlp.spans.find(({ name }) => name === `says ${level}`);
    const text = `said ${level}`;
    const { traceId, spanId } = span ?? {};
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    const line = { level: pino, service: "speaker", orderId: "order-1", trace_id: traceId, span_id: spanId };
    expect(run.logLines.filter(({ msg }) => msg === text)).toMatchObject([line]);
    const attributes = { step: 1, orderId: "order-1", password: "[Filtered]" };
    expect(otlp.logs.filter(({ body }) => body === text)).toMatchObject([
      { traceId, spanId, severityNumber, severityText: level, attributes },
    ]);
    expect(sentry.logs.filter(({ body }) => body === text)).toMatchObject([
      { traceId, spanId, level, severityNumber, attributes },
    ]);
  },
);

test("unset, the level is info: what is below is written nowhere", () => {
  const whispered = (texts: readonly unknown[]) =>
    texts
      .map(String)
      .filter((text) => text.startsWith("whispered "))
      .toSorted();
  const expected = ["error", "fatal", "info", "warn"].map((level) => `whispered ${level}`);
  expect(whispered(run.logLines.map(({ msg }) => msg))).toEqual(expected);
  expect(whispered(run.receiver.otlp.logs.map(({ body }) => body))).toEqual(expected);
  expect(whispered(run.receiver.sentry.logs.map(({ body }) => body))).toEqual(expected);
});

test("an error is written with type, message, code and stack, and nothing else it carries", () => {
  const line = run.logLines.find(({ msg }) => msg === "It failed");
  expect(line?.["err"]).toEqual({
    type: "RangeError",
    message: "no room",
    code: "E_ROOM",
    stack: expect.stringContaining("six-levels.ts"),
  });
  const record = run.receiver.otlp.logs.find(({ body }) => body === "It failed");
  expect(record?.attributes).toMatchObject({
    "exception.message": "no room",
    "exception.stacktrace": expect.stringContaining("six-levels.ts"),
  });
});
