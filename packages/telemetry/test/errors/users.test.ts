import { expect, test } from "vitest";
import { runFixture, toBoth } from "../fixture-process.ts";

test("an id names the user; what is no id is told once, without its value, and goes nowhere", async () => {
  const { receiver, warnings, stderr, exitCode } = await runFixture(toBoth, { fixture: "users.ts" });
  const users = Object.fromEntries(
    receiver.sentry.events.map(({ exceptions, raw }) => [exceptions[0]?.value, raw["user"]]),
  );
  expect(users).toEqual({
    known: { id: "tenant:42|7" },
    mail: undefined,
    number: undefined,
    none: undefined,
  });
  for (const spans of [receiver.otlp.spans, receiver.sentry.spans]) {
    const named = spans.filter(({ attributes }) => attributes["user.id"] !== undefined);
    expect(named.map(({ name }) => name).toSorted()).toEqual(["known", "work of known"]);
    for (const { attributes } of named) expect(attributes["user.id"]).toBe("tenant:42|7");
  }
  expect(warnings).toEqual([expect.stringContaining("setUser was given an id that does not match")]);
  expect(stderr).not.toContain("a.person");
  expect(exitCode).toBe(0);
});
