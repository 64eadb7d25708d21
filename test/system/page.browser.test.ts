import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../chromium.ts";
import { startByNpm, type NpmStart } from "./npm-start.ts";

describe("the page of a stack started by npm start", () => {
  let stack: NpmStart;
  let browser: Browser;
  beforeAll(async () => {
    stack = await startByNpm({ FACTORY_DELAY_MILLIS: "1500" });
    await stack.waitForLine(/^Tracebridge is ready/);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await stack.destroy();
  });

  it("submits an order, shows it finished, and links to its trace as both back ends received it", async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    await page.goto(`http://localhost:${stack.ports.web}/`);
    const id = await page
      .getByLabel(/order id/i)
      .first()
      .inputValue();
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    await page.getByRole("button", { name: /submit/i }).click();
    await page.getByText("finished", { exact: true }).first().waitFor({ timeout: 20_000 });
    await page.screenshot({ path: "test-results/page-finished.png", fullPage: true });

    for (const view of ["Sentry", "OTLP"]) {
      const href = await page
        .getByRole("link", { name: new RegExp(view, "i") })
        .first()
        .getAttribute("href");
      const tree = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      await tree.goto(href ?? "");
      // What arrives later the page shows by itself.
      await expect
        .poll(() => tree.locator("body").innerText(), { timeout: 15_000 })
        .toMatch(/process factory/);
      await tree.screenshot({ path: `test-results/trace-${view.toLowerCase()}.png`, fullPage: true });
      await tree.close();
    }
    expect(problems).toEqual([]);
  });
});
