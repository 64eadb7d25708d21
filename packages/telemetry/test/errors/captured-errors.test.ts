import type { OtlpSpan, SentryEvent } from "@tracebridge/receivers";
import { beforeAll, describe, expect, test } from "vitest";
import { runFixture, toBoth, toOtlp } from "../fixture-process.ts";
import type { FixtureRun } from "../fixture-process.ts";

const reported = { fixture: "reported-errors.ts" };

function findSpan({ receiver }: FixtureRun, name: string): OtlpSpan {
  const spans = receiver.otlp.spans.filter((span) => span.name === name);
  if (spans.length !== 1 || !spans[0]) throw new Error(`${spans.length} spans named ${name}`);
  return spans[0];
}

function readIssues({ receiver }: FixtureRun): string[] {
  return receiver.sentry.events.map(({ exceptions, message }) => exceptions[0]?.value ?? message ?? "");
}

function findIssue({ receiver }: FixtureRun, text: string): SentryEvent | undefined {
  return receiver.sentry.events.find(
    ({ exceptions, message }) => exceptions[0]?.value === text || message === text,
  );
}

describe("with Sentry and OTLP", () => {
  let run: FixtureRun;
  beforeAll(async () => {
    run = await runFixture(toBoth, reported);
  });

  test("every error is one issue in Sentry, however often and by whatever it was reported", () => {
    expect(readIssues(run).toSorted()).toEqual(
      ["after the crumbs", "captured", "logged", "tracked", "worth knowing"].toSorted(),
    );
  });

  test("every error is one log record over OTLP, with its exception, its tags and its trace", () => {
    const { logs } = run.receiver.otlp;
    expect(logs.map(({ body }) => String(body)).toSorted()).toEqual(
      ["It failed", "after the crumbs", "captured", "tracked", "worth knowing"].toSorted(),
    );
    const { traceId, spanId } = findSpan(run, "captured");
    expect(logs.find(({ body }) => body === "captured")).toMatchObject({
      traceId,
      spanId,
      severityNumber: 17,
      severityText: "ERROR",
      attributes: {
        "exception.type": "TypeError",
        "exception.message": "captured",
        "exception.stacktrace": expect.stringContaining("reported-errors.ts"),
        part: "bolt",
        left: 0,
        "order.items": 2,
      },
    });
    expect(logs.find(({ body }) => body === "worth knowing")).toMatchObject({
      severityNumber: 13,
      attributes: { part: "nut" },
    });
  });

  test("Sentry's logs hold what the application logged, and no second copy of an issue", () => {
    expect(run.receiver.sentry.logs.map(({ body }) => body)).toEqual(["It failed"]);
  });

  test("the span is marked and has the error once", () => {
    const span = findSpan(run, "captured");
    expect(span).toMatchObject({ status: "error", statusMessage: "captured" });
    expect(span.events.map(({ name }) => name)).toEqual(["exception"]);
    expect(findSpan(run, "message").status).toBe("unset");
  });

  test("an issue has its tags, extra, contexts and level", () => {
    expect(findIssue(run, "captured")).toMatchObject({
      level: "error",
      tags: { part: "bolt" },
      contexts: { order: { items: 2 } },
      raw: { extra: { left: 0 } },
    });
    expect(findIssue(run, "worth knowing")).toMatchObject({ level: "warning", tags: { part: "nut" } });
  });

  test("a tracked operation that fails is a span with its error, and one issue with the operation's name", () => {
    for (const name of ["inner", "outer"]) {
      const span = findSpan(run, name);
      expect(span).toMatchObject({ status: "error", attributes: { "error.type": "RangeError" } });
      expect(span.events.map((event) => event.name)).toEqual(["exception"]);
      expect(span.endTimeUnixNano).toBeGreaterThan(span.startTimeUnixNano);
    }
    expect(findSpan(run, "inner").attributes["step"]).toBe(1);
    expect(findIssue(run, "tracked")).toMatchObject({
      tags: { operation: "inner" },
      spanId: findSpan(run, "inner").spanId,
    });
  });

  test("a tracked operation that succeeds is a span without an error", () => {
    const span = findSpan(run, "answer");
    expect(span).toMatchObject({ status: "unset", attributes: { step: 2 }, events: [] });
    expect(span.attributes).not.toHaveProperty("error.type");
  });

  test("breadcrumbs are with the issue, and events of the span over OTLP, flat, bounded and scrubbed", () => {
    const [first, second] = findSpan(run, "crumbs").events.filter(({ name }) => name === "breadcrumb");
    expect(first?.attributes).toEqual({
      "breadcrumb.message": "looked for bolts",
      "breadcrumb.category": "stock",
      "breadcrumb.level": "info",
      "breadcrumb.data.found": 0,
      "breadcrumb.data.password": "[Filtered]",
    });
    expect(second?.attributes).toMatchObject({
      "breadcrumb.data.hostile.ok": 1,
      "breadcrumb.data.long": "x".repeat(1_024),
    });
    expect(JSON.stringify(second?.attributes)).not.toContain("deep.a.b.c");
    const crumbs = findIssue(run, "after the crumbs")?.breadcrumbs ?? [];
    expect(crumbs.map((crumb) => crumb["message"])).toEqual(["looked for bolts", "deep"]);
    expect(crumbs[0]).toMatchObject({ category: "stock", data: { found: 0, password: "[Filtered]" } });
  });

  test("breadcrumbs stay with their request", () => {
    for (const text of ["captured", "logged", "tracked"]) {
      expect(findIssue(run, text)?.breadcrumbs.map((crumb) => crumb["message"])).not.toContain("deep");
    }
  });
});

test("errors of traces that nobody samples arrive all the same, each once, with the operation that failed", async () => {
  const run = await runFixture(
    (to) => ({ ...toBoth(to), OTEL_TRACES_SAMPLER: "always_off", SENTRY_TRACES_SAMPLE_RATE: "0" }),
    reported,
  );
  expect(run.receiver.otlp.spans).toEqual([]);
  expect(readIssues(run).toSorted()).toEqual(
    ["after the crumbs", "captured", "logged", "tracked", "worth knowing"].toSorted(),
  );
  expect(findIssue(run, "tracked")?.tags["operation"]).toBe("inner");
  expect(run.receiver.otlp.logs).toHaveLength(5);
});

test("with TRACEBRIDGE_ERRORS=off Sentry has each error as a log", async () => {
  const { receiver } = await runFixture(
    (to) => ({ SENTRY_DSN: to.dsn, TRACEBRIDGE_ERRORS: "off" }),
    reported,
  );
  expect(receiver.sentry.events).toEqual([]);
  expect(receiver.sentry.logs.map(({ body, level }) => [body, level])).toEqual([
    ["captured", "error"],
    ["It failed", "error"],
    ["worth knowing", "warn"],
    ["tracked", "error"],
    ["after the crumbs", "error"],
  ]);
});

test("without Sentry errors are log records, and nothing is written to standard error", async () => {
  const { receiver, stderr } = await runFixture(toOtlp, reported);
  expect(receiver.otlp.logs).toHaveLength(5);
  expect(stderr).toBe("");
});

test.each([
  ["telemetry is off", { OTEL_SDK_DISABLED: "true" }],
  ["there is no back end", { OTEL_TRACES_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" }],
])("when %s, errors that nobody logged are written to standard error, each once", async (_, env) => {
  const { stderr, logLines } = await runFixture(env, reported);
  const lines = stderr.split("\n").filter((line) => line !== "" && !line.startsWith(" "));
  expect(lines).toEqual(["TypeError: captured", "RangeError: tracked", "Error: after the crumbs"]);
  expect(logLines.map((line) => line["msg"])).toEqual(["It failed"]);
});
