import { describe, expect, it } from "vitest";
import { badge, check, createBench, mistake, orderBox, submit } from "./page-bench.ts";

const bench = createBench();

describe("the look", () => {
  const sizes = [
    { name: "laptop", width: 1280, height: 800 },
    { name: "phone", width: 390, height: 844 },
    { name: "narrow", width: 320, height: 640 },
  ];
  const schemes = ["light", "dark"] as const;

  it.each(sizes.flatMap((size) => schemes.map((scheme) => ({ ...size, scheme }))))(
    "fits a $name ($width px) in $scheme colours that can be read, also with long texts",
    async ({ name, width, height, scheme }) => {
      const { page, problems } = await bench.open({ viewport: { width, height }, colorScheme: scheme });
      const folder = "test-results/page";
      await page.screenshot({ path: `${folder}/${name}-${scheme}-start.png`, fullPage: true });
      await orderBox(page).fill("x".repeat(64));
      await submit(page).click();
      await badge(page, "making").waitFor();
      await page.screenshot({ path: `${folder}/${name}-${scheme}-making.png`, fullPage: true });
      await badge(page, "finished").waitFor();
      await page.screenshot({ path: `${folder}/${name}-${scheme}-finished.png`, fullPage: true });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      expect(await page.evaluate(readLowestContrast)).toBeGreaterThanOrEqual(4.5);
      expect(problems).toEqual([]);

      bench.respond = () => ({ status: 503, body: { error: { code: "X", message: "y".repeat(300) } } });
      await orderBox(page).fill("not ok");
      await submit(page).click();
      await check(page).click();
      await mistake(page, "status 503").waitFor();
      await page.screenshot({ path: `${folder}/${name}-${scheme}-problems.png`, fullPage: true });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      expect(await page.evaluate(readLowestContrast)).toBeGreaterThanOrEqual(4.5);
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

  /** The lowest contrast of a text on the page: https://www.w3.org/TR/WCAG22/#contrast-minimum wants 4.5. */
  function readLowestContrast(): number {
    const parts = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string): number => {
      const [red = 0, green = 0, blue = 0] = parts(color).map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const background = (element: Element | null): string => {
      if (element === null) return "rgb(255, 255, 255)";
      const { backgroundColor } = getComputedStyle(element);
      return parts(backgroundColor)[3] === 0 ? background(element.parentElement) : backgroundColor;
    };
    const hasText = (element: Element): boolean =>
      [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    const contrasts = [...document.querySelectorAll("body *")].filter(hasText).map((element) => {
      const [low = 0, high = 0] = [
        luminance(getComputedStyle(element).color),
        luminance(background(element)),
      ].sort((one, other) => one - other);
      return (high + 0.05) / (low + 0.05);
    });
    return Math.min(...contrasts);
  }
});
