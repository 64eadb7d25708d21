import { expect, test } from "vitest";
import * as telemetry from "./index.ts";

test("rendered by a server, where there is no page, all functions can be called and do nothing", async () => {
  telemetry.startBrowserTelemetry();
  telemetry.addBreadcrumb({ message: "note" });
  telemetry.setUser({ id: "u-1" });
  telemetry.startNewTrace();
  const inside = telemetry.withBusinessContext({ orderId: "o-1" }, () =>
    telemetry.withSpan("work", async (_span, inSpan) => inSpan(() => telemetry.readTraceHeaders())),
  );
  await expect(inside).resolves.toEqual({});
  expect(telemetry.activeTraceId()).toBeUndefined();
  expect(telemetry.getBrowserTelemetry()).toBeUndefined();
});
