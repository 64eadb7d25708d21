import type { Receiver } from "@tracebridge/receivers";
import { expect, test } from "vitest";
import { runFixture } from "../fixture-process.ts";

const PATHS = JSON.stringify(["/", "/", "/health", "/fail", "/crash"]);

/** What the aggregates of all minutes add up to. */
function addSessions(receiver: Receiver): Record<string, number> {
  const sums: Record<string, number> = { exited: 0, errored: 0, crashed: 0 };
  for (const { type, payload } of receiver.sentry.envelopes.flatMap(({ other }) => other)) {
    if (type !== "sessions") continue;
    for (const aggregate of (payload as { aggregates: Record<string, number>[] }).aggregates) {
      for (const key of Object.keys(sums)) sums[key] = (sums[key] ?? 0) + (aggregate[key] ?? 0);
    }
  }
  return sums;
}

function readProcessSessions(receiver: Receiver): unknown[] {
  const items = receiver.sentry.envelopes.flatMap(({ other }) => other);
  return items.filter(({ type }) => type === "session").map(({ payload }) => payload);
}

test("TRACEBRIDGE_SESSIONS is on by default: each request counts as healthy, errored or crashed, probes do not count", async () => {
  const { receiver, warnings } = await runFixture(
    (to) => ({ SENTRY_DSN: to.dsn, SENTRY_RELEASE: "web@1", FIXTURE_PATHS: PATHS }),
    { fixture: "web-server.ts" },
  );
  expect(warnings).toEqual([]);
  expect(addSessions(receiver)).toEqual({ exited: 2, errored: 1, crashed: 1 });
  expect(receiver.sentry.envelopes.flatMap(({ other }) => other)).toContainEqual(
    expect.objectContaining({
      type: "sessions",
      payload: expect.objectContaining({ attrs: { release: "web@1", environment: "production" } }),
    }),
  );
});

test("TRACEBRIDGE_SESSIONS is independent of the sample rate", async () => {
  const { receiver } = await runFixture(
    (to) => ({
      SENTRY_DSN: to.dsn,
      SENTRY_RELEASE: "web@1",
      SENTRY_TRACES_SAMPLE_RATE: "0",
      FIXTURE_PATHS: PATHS,
    }),
    { fixture: "web-server.ts" },
  );
  expect(receiver.sentry.spans).toEqual([]);
  expect(addSessions(receiver)).toEqual({ exited: 2, errored: 1, crashed: 1 });
});

test("a process that serves no requests is one session, which ends when telemetry is shut down", async () => {
  const { receiver } = await runFixture((to) => ({ SENTRY_DSN: to.dsn, SENTRY_RELEASE: "job@1" }));
  expect(readProcessSessions(receiver).at(-1)).toMatchObject({
    status: "exited",
    errors: 1,
    attrs: { release: "job@1" },
  });
  expect(addSessions(receiver)).toEqual({ exited: 0, errored: 0, crashed: 0 });
});

test("a process that ends by an uncaught error is a crashed session", async () => {
  const { receiver } = await runFixture((to) => ({ SENTRY_DSN: to.dsn, SENTRY_RELEASE: "job@1" }), {
    fixture: "crash.ts",
  });
  expect(readProcessSessions(receiver).at(-1)).toMatchObject({ status: "crashed" });
});

test.each([
  ["TRACEBRIDGE_SESSIONS=off", { TRACEBRIDGE_SESSIONS: "off", SENTRY_RELEASE: "web@1" }],
  ["no release", {}],
  ["TRACEBRIDGE_ERRORS=off", { TRACEBRIDGE_ERRORS: "off", SENTRY_RELEASE: "web@1" }],
])("with %s no session is sent", async (_, env) => {
  const { receiver } = await runFixture((to) => ({ SENTRY_DSN: to.dsn, FIXTURE_PATHS: PATHS, ...env }), {
    fixture: "web-server.ts",
  });
  expect(receiver.sentry.envelopes.flatMap(({ other }) => other)).toEqual([]);
});
