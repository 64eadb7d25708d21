import { hostname } from "node:os";
import { expect, test } from "vitest";
import { runFixture } from "../fixture-process.ts";

test.each([
  ["SENTRY_NAME names the server on errors", { SENTRY_NAME: "host-7" }, "host-7"],
  [
    "SENTRY_NAME wins over host.name",
    { SENTRY_NAME: "host-7", OTEL_RESOURCE_ATTRIBUTES: "host.name=pod-1" },
    "host-7",
  ],
  ["without SENTRY_NAME host.name is used", { OTEL_RESOURCE_ATTRIBUTES: "host.name=pod-1" }, "pod-1"],
  ["without both it is the name of the host", {}, hostname()],
])("%s", async (_, env, expected) => {
  const { receiver } = await runFixture((to) => ({ SENTRY_DSN: to.dsn, ...env }));
  expect(receiver.sentry.events[0]?.raw["server_name"]).toBe(expected);
});
