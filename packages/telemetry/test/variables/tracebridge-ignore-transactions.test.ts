import { startBroker } from "@tracebridge/embedded";
import { expect, test } from "vitest";
import { runFixture, toBoth } from "../fixture-process.ts";

test("TRACEBRIDGE_IGNORE_TRANSACTIONS keeps matching requests and messages from Sentry, and nothing from OTLP", async () => {
  const broker = await startBroker();
  const { receiver, report, warnings } = await runFixture(
    (to) => ({
      ...toBoth(to),
      AMQP_URL: broker.url,
      TRACEBRIDGE_IGNORE_TRANSACTIONS: '["/^GET$/", "process jo"]',
      FIXTURE_REQUESTS: JSON.stringify([
        ["GET", "/fail"],
        ["POST", "/order"],
      ]),
      FIXTURE_MESSAGES: JSON.stringify(["jobs", "mails"]),
    }),
    { fixture: "requests-and-messages.ts" },
  );
  await broker.close();
  expect(warnings).toEqual([]);
  expect(receiver.sentry.spans.map(({ name }) => name).toSorted()).toEqual(["POST", "process mails", "step"]);
  expect(receiver.otlp.spans.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["GET", "POST", "process jobs", "process mails"]),
  );
  // An error of an ignored request is an error all the same.
  expect(receiver.sentry.events.map(({ exceptions }) => exceptions[0]?.value)).toEqual(["failed in /fail"]);
  const spans = report.stats?.sentry?.spans;
  expect(spans?.dropped).toEqual({ ignored: 3 });
  expect(spans?.accepted).toBe(6);
});

test("unset, nothing is ignored; a malformed pattern is told and the others are used", async () => {
  const unset = await runFixture(toBoth);
  expect(unset.receiver.sentry.spans).toHaveLength(3);
  const { receiver, warnings } = await runFixture((to) => ({
    ...toBoth(to),
    TRACEBRIDGE_IGNORE_TRANSACTIONS: "/(/, GET /work",
  }));
  expect(receiver.sentry.spans).toEqual([]);
  expect(receiver.otlp.spans).toHaveLength(3);
  expect(warnings).toEqual([
    expect.stringContaining('TRACEBRIDGE_IGNORE_TRANSACTIONS="/(/, GET /work": malformed regular expression'),
  ]);
});
