import { expect, test } from "vitest";
import { runFixture, toBoth } from "./fixture-process.ts";

test("spans arrive at both back ends where Node was started with a header size of 0", async () => {
  const env = { NODE_OPTIONS: "--max-http-header-size=0" };
  const { receiver, exitCode, report } = await runFixture((to) => ({ ...toBoth(to), ...env }));
  const names = ["GET /work", "call", "step"];
  expect(receiver.otlp.spans.map(({ name }) => name).toSorted()).toEqual(names);
  expect(receiver.sentry.spans.map(({ name }) => name).toSorted()).toEqual(names);
  expect(exitCode).toBe(0);
  expect(report.stats?.spans.sinks["otlp"]).toEqual({ accepted: 3, delivered: 3, dropped: {} });
});
