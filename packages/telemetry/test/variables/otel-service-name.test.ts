import { expect, test } from "vitest";
import { runFixture, toOtlp } from "../fixture-process.ts";

test("OTEL_SERVICE_NAME names the service and wins over OTEL_RESOURCE_ATTRIBUTES", async () => {
  const { receiver } = await runFixture((to) => ({
    ...toOtlp(to),
    OTEL_SERVICE_NAME: "order",
    OTEL_RESOURCE_ATTRIBUTES: "service.name=other",
  }));
  expect(new Set(receiver.otlp.spans.map((span) => span.service))).toEqual(new Set(["order"]));
  expect(receiver.otlp.logs[0]?.resource["service.name"]).toBe("order");
});

test("unset, the name comes from OTEL_RESOURCE_ATTRIBUTES, and without that it is unknown_service:node", async () => {
  const named = await runFixture((to) => ({ ...toOtlp(to), OTEL_RESOURCE_ATTRIBUTES: "service.name=other" }));
  expect(named.receiver.otlp.spans[0]?.service).toBe("other");
  const unnamed = await runFixture(toOtlp);
  expect(unnamed.receiver.otlp.spans[0]?.service).toBe("unknown_service:node");
});
