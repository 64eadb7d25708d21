import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

test("OTEL_RESOURCE_ATTRIBUTES describes the service, percent-decoded", async () => {
  const { receiver } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_RESOURCE_ATTRIBUTES:
      "service.version=1.2.3, deployment.environment.name=staging,team=web%20%26%20mail",
  }));
  expect(receiver.otlp.spans[0]?.resource).toMatchObject({
    "service.version": "1.2.3",
    "deployment.environment.name": "staging",
    team: "web & mail",
  });
  expect(receiver.otlp.spans[0]?.resource["service.instance.id"]).toMatch(/^[0-9a-f-]{36}$/);
});

test("no command line and no secret leaves in the resource", async () => {
  const { receiver } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_RESOURCE_ATTRIBUTES:
      "process.command_args=--password=hunter2,api.token=abcdef,owner=a.person@example.com",
  }));
  const resource = receiver.otlp.spans[0]?.resource ?? {};
  expect(Object.keys(resource).filter((key) => key.startsWith("process.command"))).toEqual([]);
  expect(resource).toMatchObject({ "api.token": "[Filtered]", owner: "[Filtered]" });
  expect(JSON.stringify(resource)).not.toMatch(/hunter2|abcdef|a\.person/);
});

test("a malformed member is told once, the others are used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_RESOURCE_ATTRIBUTES: "service.version=1.2.3,nonsense",
  }));
  expect(warnings).toEqual([expect.stringContaining("OTEL_RESOURCE_ATTRIBUTES")]);
  expect(receiver.otlp.spans[0]?.resource["service.version"]).toBe("1.2.3");
});

test("team and region are on every error, span and log in Sentry, the service too", async () => {
  const { receiver } = await runFixture((to) => ({
    SENTRY_DSN: to.dsn,
    OTEL_SERVICE_NAME: "order",
    OTEL_RESOURCE_ATTRIBUTES: "team=payments,cloud.region=eu-central-1",
  }));
  const { events, spans, logs } = receiver.sentry;
  expect(events).toMatchObject([{ tags: { service: "order", team: "payments", region: "eu-central-1" } }]);
  const attributes = { "service.name": "order", team: "payments", "cloud.region": "eu-central-1" };
  expect(spans).toHaveLength(3);
  for (const item of [...spans, ...logs]) expect(item.attributes).toMatchObject(attributes);
  expect(logs.length).toBeGreaterThan(0);
});
