import { expect, test } from "vitest";
import { readPageConfig } from "../../src/browser/page-config.ts";
import { openPageHost } from "../browser-host/open-page-host.ts";
import { toOtlp } from "../fixture-process.ts";

const createTargets = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `https://${index}.test`);

test.each([
  ["unset, pages are told none: their own origin is meant", undefined, undefined],
  ["the empty list", "[]", []],
  ["texts", "https://api.test,/orders", ["https://api.test", "/orders"]],
  [
    "regular expressions, as they are written",
    '["/^https:\\\\/\\\\/eu\\\\./i", "a,b"]',
    ["/^https:\\/\\/eu\\./i", "a,b"],
  ],
  ["a long text", `["https://${"a".repeat(5_000)}.test"]`, [`https://${"a".repeat(5_000)}.test`]],
  ["the longest list", JSON.stringify(createTargets(200)), createTargets(200)],
  ["a longer list is malformed", JSON.stringify(createTargets(201)), []],
  ["a malformed list names nobody", "[", []],
])("TRACEBRIDGE_BROWSER_PROPAGATION_TARGETS: %s", async (_, value, told) => {
  const host = await openPageHost({
    env: (to) => ({
      ...toOtlp(to),
      TRACEBRIDGE_PROPAGATION_TARGETS: '["https://of-the-service.test"]',
      ...(value !== undefined && { TRACEBRIDGE_BROWSER_PROPAGATION_TARGETS: value }),
    }),
  });
  const { config } = await host.open();
  expect(config?.propagationTargets).toEqual(told);
  expect(readPageConfig(config).propagationTargets).toEqual(told);
  await host.end();
  expect(host.warnings).toEqual(
    value !== "[]" && told?.length === 0
      ? [expect.stringContaining("TRACEBRIDGE_BROWSER_PROPAGATION_TARGETS")]
      : [],
  );
  expect(host.receiver.otlp.spans.map(({ name }) => name)).toContain("GET /");
});
