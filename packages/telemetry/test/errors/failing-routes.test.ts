import type { SentryEvent } from "@tracebridge/receivers";
import { beforeAll, describe, expect, test } from "vitest";
import { runFixture, toBoth } from "../fixture-process.ts";
import type { FixtureRun } from "../fixture-process.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Answer {
  readonly status: number;
  readonly requestId?: string;
  readonly body: string;
}

function readAnswers({ stdout, stderr }: FixtureRun): Readonly<Record<string, Answer>> {
  const line = stdout.split("\n").find((text) => text.startsWith('{"answers"'));
  if (line === undefined) throw new Error(`no answers\n${stdout}\n${stderr}`);
  return (JSON.parse(line) as { answers: Record<string, Answer> }).answers;
}

describe.each(["express", "fastify"])("with %s", (framework) => {
  let run: FixtureRun;
  let answers: Readonly<Record<string, Answer>>;
  beforeAll(async () => {
    run = await runFixture((to) => ({ ...toBoth(to), FIXTURE_FRAMEWORK: framework }), {
      fixture: "failing-routes.ts",
    });
    answers = readAnswers(run);
  });

  const eventsOf = (name: string): SentryEvent[] =>
    run.receiver.sentry.events.filter(({ tags }) => tags["requestId"] === answers[name]?.requestId);

  test.each([
    ["broken", 500, "Internal Server Error"],
    ["away", 503, "Service Unavailable"],
    ["missing", 404, "there is no such order"],
    ["hidden", 403, "Forbidden"],
    ["odd", 500, "Internal Server Error"],
    ["text", 500, "Internal Server Error"],
  ])("%s is answered with %i, a safe text and the request's id", (name, status, error) => {
    const answer = answers[name];
    expect(answer?.status).toBe(status);
    expect(JSON.parse(answer?.body ?? "")).toEqual({ error, requestId: answer?.requestId });
    expect(answer?.requestId).toMatch(UUID);
  });

  test.each([
    ["broken", "Error", "the inner detail of broken"],
    ["away", "Error", "the inner detail of away"],
    ["odd", "Error", "the inner detail of odd"],
  ])("%s, answered with 500 or more, is one exception in Sentry", (name, type, value) => {
    const events = eventsOf(name);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      level: "error",
      exceptions: [{ type, value }],
      tags: {
        "http.request.method": "GET",
        "http.route": `/orders/${name}/:id`,
        "http.response.status_code": String(answers[name]?.status),
      },
      contexts: { http: { route: `/orders/${name}/:id`, request_id: answers[name]?.requestId } },
      raw: { user: { id: "user-7" } },
    });
  });

  test("what is thrown may be a text", () => {
    expect(eventsOf("text")).toHaveLength(1);
    expect(JSON.stringify(eventsOf("text")[0]?.raw)).toContain("the inner detail of text");
  });

  test.each(["missing", "hidden"])("%s, answered with less than 500, is one warning in Sentry", (name) => {
    const events = eventsOf(name);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      level: "warning",
      message: `GET /orders/${name}/:id was answered with ${answers[name]?.status}`,
      exceptions: [],
      tags: { "http.route": `/orders/${name}/:id` },
      contexts: { http: { error: expect.stringContaining("Error: ") } },
    });
  });

  test("a valid X-Request-ID is kept, another one is replaced", () => {
    expect(answers["named"]?.requestId).toBe("edge_1.a-b");
    expect(eventsOf("named")).toHaveLength(1);
    expect(answers["hostile"]?.requestId).toMatch(UUID);
  });

  test("a health probe gets no id", () => {
    expect(answers["health"]?.status).toBe(200);
    expect(answers["health"]).not.toHaveProperty("requestId");
  });

  test("every span and log record of a request has its id, and the user's once it is known", () => {
    const { spans, logs } = run.receiver.otlp;
    const ofRequest = spans.filter(({ attributes }) => attributes["requestId"] === "edge_1.a-b");
    const traceId = ofRequest[0]?.traceId;
    expect(ofRequest).toHaveLength(spans.filter((span) => span.traceId === traceId).length);
    expect(ofRequest.map(({ kind }) => kind)).toContain("server");
    for (const { attributes } of ofRequest) expect(attributes["user.id"]).toBe("user-7");
    const records = logs.filter((log) => log.traceId === traceId);
    expect(records).toHaveLength(1);
    expect(records[0]?.attributes).toMatchObject({ requestId: "edge_1.a-b", "user.id": "user-7" });
  });

  test("there is no other issue", () => {
    expect(run.receiver.sentry.events).toHaveLength(framework === "express" ? 9 : 8);
  });
});

test("an error after the answer has begun is reported, and the connection ends", async () => {
  const run = await runFixture((to) => ({ ...toBoth(to), FIXTURE_FRAMEWORK: "express" }), {
    fixture: "failing-routes.ts",
  });
  expect(readAnswers(run)["late"]).toMatchObject({ status: 200, body: "begun" });
  const late = run.receiver.sentry.events.filter(({ exceptions }) => exceptions[0]?.value === "late");
  expect(late).toHaveLength(1);
});

test("without telemetry the answers are the same, and errors are written to standard error", async () => {
  const run = await runFixture(
    { OTEL_SDK_DISABLED: "true", FIXTURE_FRAMEWORK: "express" },
    { fixture: "failing-routes.ts" },
  );
  const answers = readAnswers(run);
  expect(answers["broken"]).toMatchObject({ status: 500, requestId: expect.stringMatching(UUID) });
  expect(answers["named"]?.requestId).toBe("edge_1.a-b");
  expect(run.stderr).toContain("Error: the inner detail of broken");
  expect(run.stderr).not.toContain("there is no such order");
});
