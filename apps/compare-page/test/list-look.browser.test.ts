import { beforeAll, describe, expect, it } from "vitest";
import { sendRecording } from "../../compare/test/recorded-order.ts";
import { findSeriousProblems } from "../../../test/axe.ts";
import { createTraceBench } from "./trace-bench.ts";

const bench = createTraceBench();
const sizes = [
  { name: "laptop", width: 1280, height: 800 },
  { name: "phone", width: 390, height: 844 },
];
const looks = sizes.flatMap((size) => (["light", "dark"] as const).map((scheme) => ({ ...size, scheme })));
const folder = "test-results/compare-page";

describe("the look of the list", () => {
  beforeAll(async () => {
    for (const order of ["order-finished", "order-failed", "special"] as const) {
      await sendRecording(bench.url, order);
    }
    await sendLongName();
  });

  it.each(looks)(
    "is one that all can read on a $name in $scheme colours",
    async ({ name, width, height, scheme }) => {
      const { page, problems } = await bench.open("/", { viewport: { width, height }, colorScheme: scheme });
      const states = [
        { state: "list", path: "/", text: "equal" },
        { state: "found", path: "/?query=bob", text: "equal" },
        { state: "nothing", path: `/?query=${"x".repeat(100)}`, text: "All recent traces" },
      ];
      for (const { state, path, text } of states) {
        await page.goto(bench.url + path);
        await page.getByText(text, { exact: true }).first().waitFor();
        await page.getByText("live", { exact: true }).waitFor();
        await page.screenshot({ path: `${folder}/list-${name}-${scheme}-${state}.png`, fullPage: true });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        expect(await findSeriousProblems(page)).toEqual([]);
      }
      expect(problems).toEqual([]);
      await page.route("**/api/traces*", (route) => route.abort());
      await page.reload();
      await page.getByRole("alert").waitFor();
      await page.screenshot({ path: `${folder}/list-${name}-${scheme}-away.png`, fullPage: true });
      expect(await findSeriousProblems(page)).toEqual([]);
    },
  );
});

/** A name and services that leave no room for anything else. */
async function sendLongName(): Promise<void> {
  const resourceSpans = Array.from({ length: 9 }, (_, index) => ({
    resource: {
      attributes: [{ key: "service.name", value: { stringValue: `a-service-of-a-long-name-${index}` } }],
    },
    scopeSpans: [
      {
        spans: [
          {
            traceId: "c".repeat(32),
            spanId: String(index + 1).repeat(16),
            name: `GET /${"a-path-of-many-words/".repeat(20)}`,
            startTimeUnixNano: "1795276000000000000",
            endTimeUnixNano: "1795276001000000000",
          },
        ],
      },
    ],
  }));
  await fetch(`${bench.url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans }),
  });
}
