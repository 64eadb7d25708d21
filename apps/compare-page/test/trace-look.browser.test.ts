import { beforeAll, describe, expect, it } from "vitest";
import { sendRecording } from "../../compare/test/recorded-order.ts";
import { findSeriousProblems } from "../../../test/axe.ts";
import { createTraceBench, grid, panel } from "./trace-bench.ts";
import { failedId, finishedId, largeId, sendLargeTrace } from "./trace-data.ts";

const bench = createTraceBench();
const handMadeId = "5bec1a1000000000000000000000a11f";

beforeAll(async () => {
  await sendRecording(bench.url, "order-finished");
  await sendRecording(bench.url, "order-failed", {
    change: (span) => {
      if (span.name === "insert item") return undefined;
      return span.name === "process order" ? { ...span, name: "<b>handle</b> order" } : span;
    },
  });
  await sendRecording(bench.url, "special");
  await sendLargeTrace(bench.url, 10_000);
});

const sizes = [
  { name: "laptop", width: 1280, height: 800 },
  { name: "phone", width: 390, height: 844 },
];
const schemes = ["light", "dark"] as const;
const looks = {
  equal: finishedId,
  zoomed: `${failedId}?panel=none&zoom=1000-1100`,
  differences: `${failedId}?panel=differences`,
  span: `${failedId}?span=8208c1049977e516`,
  "one-sided": handMadeId,
  large: largeId,
  unreachable: `${failedId}?right=jaeger:http://127.0.0.1:9`,
  "not-found": "f".repeat(32),
};

describe("the look of a trace", () => {
  const cases = Object.entries(looks).flatMap(([look, path]) =>
    sizes.flatMap((size) => schemes.map((scheme) => ({ look, path, scheme, ...size }))),
  );

  it.each(cases)(
    "($look) fits a $name in $scheme colours, and axe finds nothing serious",
    async ({ look, path, name, width, height, scheme }) => {
      const options = { viewport: { width, height }, colorScheme: scheme };
      const { page } = await bench.open(`/trace/${path}`, options);
      await page.locator(".trace-page, .note").first().waitFor();
      if (look === "span") await panel(page).getByRole("table").waitFor();
      await page.screenshot({ path: `test-results/compare-page/${look}-${name}-${scheme}.png` });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      expect(await findSeriousProblems(page)).toEqual([]);
    },
  );

  it("takes names for text, whatever is in them", async () => {
    const { page, problems } = await bench.open(`/trace/${failedId}?panel=none`);
    const row = grid(page).getByRole("row").filter({ hasText: "process order" }).first();
    await row.click();
    await panel(page).getByText("<b>handle</b> order").waitFor();
    expect(await page.locator(".trace-page b").filter({ hasText: "handle" }).count()).toBe(0);
    expect(problems).toEqual([]);
  });
});
