import { expect, test } from "vitest";
import { runFixture } from "../fixture-process.ts";

test("SENTRY_RELEASE is on spans and errors", async () => {
  const { receiver } = await runFixture((to) => ({ SENTRY_DSN: to.dsn, SENTRY_RELEASE: "order@1.2.3" }));
  expect(receiver.sentry.spans[0]?.attributes["sentry.release"]).toBe("order@1.2.3");
  expect(receiver.sentry.events[0]?.raw["release"]).toBe("order@1.2.3");
});

test("unset, it is made of the service's name and version", async () => {
  const { receiver } = await runFixture((to) => ({
    SENTRY_DSN: to.dsn,
    OTEL_SERVICE_NAME: "factory",
    OTEL_RESOURCE_ATTRIBUTES: "service.version=2.0.0",
  }));
  expect(receiver.sentry.events[0]?.raw["release"]).toBe("factory@2.0.0");
});
