import { expect, test } from "vitest";
import { runFixture, toBoth } from "../fixture-process.ts";

test("a health probe by whatever method makes no span anywhere, and an error in it reaches Sentry", async () => {
  const { receiver, report } = await runFixture(
    (to) => ({
      ...toBoth(to),
      FIXTURE_REQUESTS: JSON.stringify([
        ["GET", "/health?fail=true"],
        ["HEAD", "/healthz"],
        ["OPTIONS", "/ready/"],
        ["GET", "/metrics", 1, ["sentry-trace: 0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1"]],
      ]),
    }),
    { fixture: "requests-and-messages.ts" },
  );
  expect(report.stats?.spans.ended).toBe(0);
  expect(receiver.sentry.spans).toEqual([]);
  expect(receiver.otlp.spans).toEqual([]);
  expect(receiver.sentry.events).toMatchObject([
    {
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      exceptions: [{ value: expect.stringContaining("failed in /health") }],
    },
  ]);
});
