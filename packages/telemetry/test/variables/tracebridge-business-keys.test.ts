import { expect, test } from "vitest";
import { readPageConfig } from "../../src/browser/page-config.ts";
import { openPageHost } from "../browser-host/open-page-host.ts";
import { runFixture, toOtlp } from "../fixture-process.ts";

const ids = { FIXTURE_IDS: JSON.stringify({ orderId: "order-1", tenantId: "acme-1" }) };

test("unset, orderId is the one business key; another is told once and left out", async () => {
  const { receiver, warnings, report } = await runFixture((to) => ({
    ...toOtlp(to),
    ...ids,
    FIXTURE_REQUESTS: "3",
  }));
  expect(receiver.otlp.spans.map((span) => span.attributes["orderId"])).toEqual(
    Array.from({ length: 9 }, () => "order-1"),
  );
  expect(receiver.otlp.spans[0]?.attributes).not.toHaveProperty("tenantId");
  expect(warnings).toEqual([
    expect.stringContaining('"tenantId" is not in TRACEBRIDGE_BUSINESS_KEYS (orderId)'),
  ]);
  expect(report.seen[0]?.carrier["baggage"]).toBe("orderId=order-1");
});

test("TRACEBRIDGE_BUSINESS_KEYS allows others: every span, record and line has them", async () => {
  const { receiver, logLines, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    ...ids,
    TRACEBRIDGE_BUSINESS_KEYS: "tenantId,orderId",
  }));
  for (const { attributes } of [...receiver.otlp.spans, ...receiver.otlp.logs]) {
    expect(attributes).toMatchObject({ orderId: "order-1", tenantId: "acme-1" });
  }
  expect(logLines[0]).toMatchObject({ orderId: "order-1", tenantId: "acme-1" });
  expect(warnings).toEqual([]);
});

test("200 keys are taken, by pages too, and more are a mistake", async () => {
  const keys = [...Array.from({ length: 200 }, (_, index) => `key${index}`), "orderId"];
  for (const [given, told] of [
    [keys.slice(1), keys.slice(1)],
    [keys, ["orderId"]],
  ] as const) {
    const host = await openPageHost({
      env: (to) => ({ ...toOtlp(to), TRACEBRIDGE_BUSINESS_KEYS: given.join(",") }),
    });
    const { config } = await host.open();
    expect(readPageConfig(config).businessKeys).toEqual(told);
    await host.end();
    expect(host.warnings).toEqual(
      given === keys ? [expect.stringContaining("TRACEBRIDGE_BUSINESS_KEYS")] : [],
    );
  }
});

test("an id that does not match the pattern is told once, without the id, and left out", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    FIXTURE_IDS: '{"orderId":"a b; drop"}',
  }));
  expect(warnings).toEqual([expect.stringContaining('A value of the business key "orderId" does not match')]);
  expect(warnings[0]).not.toContain("drop");
  expect(receiver.otlp.spans[0]?.attributes).not.toHaveProperty("orderId");
});

test("a malformed key is told once and the others are used", async () => {
  const { receiver, warnings } = await runFixture((to) => ({
    ...toOtlp(to),
    TRACEBRIDGE_BUSINESS_KEYS: "orderId,bad key",
  }));
  expect(warnings).toEqual([
    expect.stringMatching(/TRACEBRIDGE_BUSINESS_KEYS="orderId,bad key": malformed name; .* Using orderId/),
  ]);
  expect(receiver.otlp.spans[0]?.attributes["orderId"]).toBe("order-1");
});
