import { expect, test } from "vitest";
import { runFixture } from "../fixture-process.ts";

test("SENTRY_ENVIRONMENT is on spans and errors, and in the resource", async () => {
  const { receiver } = await runFixture((to) => ({
    SENTRY_DSN: to.dsn,
    OTEL_EXPORTER_OTLP_ENDPOINT: to.url,
    SENTRY_ENVIRONMENT: "staging",
  }));
  expect(receiver.sentry.spans[0]?.attributes["sentry.environment"]).toBe("staging");
  expect(receiver.sentry.events[0]?.raw["environment"]).toBe("staging");
  expect(receiver.otlp.spans[0]?.resource["deployment.environment.name"]).toBe("staging");
});

test("unset, the environment of OTEL_RESOURCE_ATTRIBUTES is used", async () => {
  const { receiver } = await runFixture((to) => ({
    SENTRY_DSN: to.dsn,
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=blue",
  }));
  expect(receiver.sentry.events[0]?.raw["environment"]).toBe("blue");
});
