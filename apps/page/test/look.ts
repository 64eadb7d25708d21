import type { Page } from "playwright-core";
import { expect } from "vitest";
import { findSeriousProblems } from "../../../test/axe.ts";

const sizes = [
  { name: "laptop", viewport: { width: 1280, height: 800 } },
  { name: "phone", viewport: { width: 390, height: 844 } },
  { name: "narrow", viewport: { width: 320, height: 640 } },
];
export const schemes = ["light", "dark"] as const;

/** Every size and colour scheme that a page has to fit. */
export const looks = sizes.flatMap((size) => schemes.map((scheme) => ({ ...size, scheme })));

/** Nothing is wider than the window, every text can be read, and axe finds nothing serious. */
export async function expectGoodLook(page: Page): Promise<void> {
  const overhang = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overhang).toBeLessThanOrEqual(0);
  expect(await page.evaluate(readLowestContrast)).toBeGreaterThanOrEqual(4.5);
  expect(await findSeriousProblems(page)).toEqual([]);
}

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
