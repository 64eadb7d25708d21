import { expect, test } from "vitest";
import { JSON_TYPE, openPageHost, SPANS, writeSpans } from "../browser-host/open-page-host.ts";
import { toOtlp } from "../fixture-process.ts";

test.each([
  ["page", {}],
  ["shop", { TRACEBRIDGE_BROWSER_SERVICE_NAME: "shop" }],
])("pages are called %s, and no spans arrive in another name", async (name, env) => {
  const host = await openPageHost({
    env: (to) => ({ ...toOtlp(to), OTEL_RESOURCE_ATTRIBUTES: "service.version=7", ...env }),
  });
  const { config } = await host.open();
  expect([config?.serviceName, config?.release]).toEqual([name, `${name}@7`]);
  const statuses: number[] = [];
  for (const service of [name, "other", "unknown_service:node"]) {
    statuses.push((await host.post(SPANS, writeSpans(service), JSON_TYPE)).status);
  }
  expect(statuses).toEqual([200, 403, 403]);
  const arrived = host.receiver.otlp.spans.filter((span) => span.name === "click");
  expect(arrived.map(({ service }) => service)).toEqual([name]);
});
