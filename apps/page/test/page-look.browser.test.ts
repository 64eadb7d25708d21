import { describe, expect, it } from "vitest";
import { expectGoodLook, looks, schemes } from "./look.ts";
import { badge, check, createBench, mistake, orderBox, submit } from "./page-bench.ts";

const bench = createBench();

describe("the look", () => {
  it.each(looks)(
    "fits a $name ($viewport.width px) in $scheme colours that can be read, also with long texts",
    async ({ name, scheme, viewport }) => {
      const { page, problems } = await bench.open({ viewport, colorScheme: scheme });
      const folder = "test-results/page";
      await page.screenshot({ path: `${folder}/${name}-${scheme}-start.png`, fullPage: true });
      await orderBox(page).fill("x".repeat(64));
      await submit(page).click();
      await badge(page, "making").waitFor();
      await page.screenshot({ path: `${folder}/${name}-${scheme}-making.png`, fullPage: true });
      await badge(page, "finished").waitFor();
      await page.screenshot({ path: `${folder}/${name}-${scheme}-finished.png`, fullPage: true });
      await expectGoodLook(page);
      expect(problems).toEqual([]);

      bench.respond = () => ({ status: 503, body: { error: { code: "X", message: "y".repeat(300) } } });
      await orderBox(page).fill("not ok");
      await submit(page).click();
      await check(page).click();
      await mistake(page, "status 503").waitFor();
      await page.screenshot({ path: `${folder}/${name}-${scheme}-problems.png`, fullPage: true });
      await expectGoodLook(page);
    },
  );

  it("differs between light and dark", async () => {
    const backgrounds: string[] = [];
    for (const colorScheme of schemes) {
      const { page } = await bench.open({ colorScheme });
      backgrounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    }
    expect(new Set(backgrounds).size).toBe(2);
  });
});
