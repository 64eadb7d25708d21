import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import {
  badge,
  check,
  checkBox,
  compareUrl,
  createBench,
  orderBox,
  playOrder,
  readFocus,
  submit,
  traceId,
} from "./page-bench.ts";

const bench = createBench();
const traceLinks = (page: Page): Locator => page.getByRole("region", { name: "Trace" }).getByRole("link");

describe("an order", () => {
  it("has a new UUID at every load", async () => {
    const { page } = await bench.open();
    const first = await orderBox(page).inputValue();
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    await page.reload();
    await orderBox(page).waitFor();
    expect(await orderBox(page).inputValue()).not.toBe(first);
    const second = await orderBox(page).inputValue();
    await page.getByRole("button", { name: "New id" }).click();
    expect(await orderBox(page).inputValue()).not.toBe(second);
  });

  it("is submitted with an id of one's own and followed until it has finished, with its trace", async () => {
    const { page, problems } = await bench.open();
    await orderBox(page).fill("alice");
    await submit(page).click();
    await badge(page, "finished").waitFor();
    expect(await checkBox(page).inputValue()).toBe("alice");
    expect(
      await page
        .getByRole("listitem")
        .filter({ has: page.locator("time") })
        .allInnerTexts(),
    ).toEqual([
      expect.stringMatching(/^create\s+\d/),
      expect.stringMatching(/^making\s+\d/),
      expect.stringMatching(/^finished\s+\d/),
    ]);
    expect(await page.getByText(traceId).innerText()).toBe(traceId);
    expect(await traceLinks(page).evaluateAll((all) => all.map((link) => link.getAttribute("href")))).toEqual(
      [
        `${compareUrl}/trace/${traceId}?view=sentry`,
        `${compareUrl}/trace/${traceId}?view=otlp`,
        `${compareUrl}/trace/${traceId}`,
      ],
    );
    expect(bench.orderCalls()).toEqual([
      "POST /order alice",
      "GET /order/alice",
      "GET /order/alice",
      "GET /order/alice",
    ]);
    expect(problems).toEqual([]);
  });

  it("can be made to fail", async () => {
    bench.respond = playOrder(["making", "failed"]);
    const { page } = await bench.open();
    await page.getByLabel("Always").check();
    await page.getByText("dead-letter queue").waitFor();
    await submit(page).click();
    await badge(page, "failed").waitFor();
    await page.screenshot({ path: "test-results/page/failed.png", fullPage: true });
    const posted = bench.api.requests.find((request) => request.method === "POST");
    expect(posted?.body).toMatchObject({ fail: "always" });
  });

  it("is asked for again by Check", async () => {
    bench.respond = playOrder(["making"]);
    const { page } = await bench.open();
    await page.getByLabel(/Keep asking/).uncheck();
    await checkBox(page).fill("2");
    await check(page).click();
    await badge(page, "making").waitFor();
    await check(page).click();
    await expect.poll(bench.orderCalls).toEqual(["GET /order/2", "GET /order/2"]);
  });

  it("has no trace when telemetry is off", async () => {
    bench.respond = playOrder(["finished"], false);
    const { page } = await bench.open();
    await submit(page).click();
    await page.getByText("telemetry is off").waitFor();
    expect(await traceLinks(page).count()).toBe(0);
  });
});

describe("the links to the trace", () => {
  it.each([
    [{ status: 200, body: {} }, "Start the web service with COMPARE_URL"],
    [{ status: 503, body: "down" }, "could not be loaded"],
  ])("are replaced by a hint when the configuration is %j", async (config, hint) => {
    bench.config = config;
    const { page } = await bench.open();
    await submit(page).click();
    await page.getByText(hint).waitFor();
    expect(await traceLinks(page).count()).toBe(0);
    expect(await page.getByText(traceId).innerText()).toBe(traceId);
  });
});

describe("the trace id", () => {
  async function openFinished(options: BrowserContextOptions = {}, prepare = ""): Promise<Page> {
    bench.respond = playOrder(["finished"]);
    const { page } = await bench.open(options);
    if (prepare !== "") await page.evaluate(prepare);
    await submit(page).click();
    await page.getByText(traceId).waitFor();
    return page;
  }

  it("is copied with the keyboard, and the page says so", async () => {
    const page = await openFinished({ permissions: ["clipboard-read", "clipboard-write"] });
    await page.getByRole("button", { name: "Copy trace id" }).press("Enter");
    await page.getByRole("status").getByText("Copied").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(traceId);
  });

  it("is copied the older way where the browser offers no clipboard, and the focus stays", async () => {
    const page = await openFinished(
      { permissions: ["clipboard-read"] },
      `window.clipboard = navigator.clipboard;
       Object.defineProperty(navigator, "clipboard", { value: undefined })`,
    );
    const button = page.getByRole("button", { name: "Copy trace id" });
    await button.press("Enter");
    await page.getByRole("status").getByText("Copied").waitFor();
    expect(await page.evaluate("window.clipboard.readText()")).toBe(traceId);
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it("is selected when nothing lets the page copy", async () => {
    const page = await openFinished(
      {},
      `Object.defineProperty(navigator, "clipboard", { value: undefined });
       document.execCommand = () => false`,
    );
    await page.getByRole("button", { name: "Copy trace id" }).click();
    await page.getByText("press Ctrl+C").waitFor();
    expect(await page.evaluate(() => String(getSelection()))).toBe(traceId);
  });
});

describe("the keyboard", () => {
  it("reaches everything in the order of reading, with a visible focus, and does the whole job", async () => {
    const { page } = await bench.open();
    const seen: string[] = [];
    const tab = async (): Promise<void> => {
      await page.keyboard.press("Tab");
      seen.push(await page.evaluate(readFocus));
    };
    for (let before = 0; before < 3; before += 1) await tab();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("alice");
    await tab();
    await tab();
    await page.keyboard.press("ArrowRight");
    await tab();
    await page.keyboard.press("Enter");
    await badge(page, "finished").waitFor();
    for (let more = 0; more < 7; more += 1) await tab();
    expect(seen).toEqual([
      "Orders outlined",
      "Reset password outlined",
      "order-id outlined",
      "New id outlined",
      "no outlined",
      "Submit outlined",
      "check-id outlined",
      "Check outlined",
      "on outlined",
      "Copy trace id outlined",
      "Trace as Sentry received it (opens in a new tab) outlined",
      "Trace as OTLP received it (opens in a new tab) outlined",
      "Both beside each other (opens in a new tab) outlined",
    ]);
    expect(bench.api.requests.find((request) => request.method === "POST")?.body).toEqual({
      id: "alice",
      fail: "once",
    });
  });

  it("submits with Enter from the order box", async () => {
    const { page } = await bench.open();
    await orderBox(page).fill("2");
    await orderBox(page).press("Enter");
    await badge(page, "finished").waitFor();
    expect(bench.orderCalls()[0]).toBe("POST /order 2");
  });
});
