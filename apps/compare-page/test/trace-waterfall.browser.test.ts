import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { sendRecording } from "../../compare/test/recorded-order.ts";
import { createTraceBench, grid, panel, rowOf } from "./trace-bench.ts";
import { failedId, finishedId, largeId, sendLargeTrace } from "./trace-data.ts";

const bench = createTraceBench();
const attempt = "8208c1049977e516";

beforeAll(async () => {
  await sendRecording(bench.url, "order-finished");
  await sendRecording(bench.url, "order-failed", {
    change: (span) => (span.name === "insert item" ? undefined : span),
  });
  await sendLargeTrace(bench.url, 10_000);
});

describe("the two waterfalls", () => {
  it("have one row for each span, on both sides at the same height and time", async () => {
    const { page, problems } = await bench.open(`/trace/${failedId}?panel=none`);
    await rowOf(page, attempt).waitFor();
    expect(await grid(page).getAttribute("aria-rowcount")).toBe("33");
    const [left, right] = await Promise.all([barOf(page, "left"), barOf(page, "right")]);
    expect(right.y).toBe(left.y);
    expect(Math.abs(right.fromStart - left.fromStart)).toBeLessThan(1.5);
    expect(problems).toEqual([]);
  });

  it("have the marks of errors where the time line has their time, also on a narrow screen", async () => {
    for (const width of [1280, 390]) {
      const { page } = await bench.open(`/trace/${failedId}?panel=none`, {
        viewport: { width, height: 844 },
      });
      const mark = await page.locator(".axis[data-side=right] .note-mark").nth(1).boundingBox();
      const bar = await page.locator(".span-row [data-side=right] .bar.failed").nth(1).boundingBox();
      if (!mark || !bar) throw new Error("the error is not drawn");
      expect(Math.abs(mark.x + mark.width / 2 - bar.x)).toBeLessThan(12);
    }
  });

  it("mark the twin of the span under the pointer, and of the one that has the focus", async () => {
    const { page } = await bench.open(`/trace/${failedId}?panel=none`);
    const twin = rowOf(page, attempt).locator("[data-side=right] .twin");
    await twin.waitFor({ state: "attached" });
    expect(await twin.isVisible()).toBe(false);
    await rowOf(page, attempt).locator("[data-side=left]").hover();
    expect(await twin.isVisible()).toBe(true);
    await page.mouse.move(0, 0);
    expect(await twin.isVisible()).toBe(false);
    await rowOf(page, attempt).focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowDown");
    expect(await twin.isVisible()).toBe(true);
  });

  it("say on which side a span is missing, beside its outline", async () => {
    const { page } = await bench.open(`/trace/${failedId}?panel=none`);
    const row = grid(page).getByRole("row").filter({ hasText: "not in OTLP" }).first();
    await row.waitFor();
    expect(await row.locator("[data-side=right] .twin.missing").isVisible()).toBe(true);
    expect(await row.getByText("1 unexplained difference").count()).toBe(1);
  });

  it("fold a subtree, a service, and everything", async () => {
    const { page } = await bench.open(`/trace/${finishedId}`);
    const count = (): Promise<string | null> => grid(page).getAttribute("aria-rowcount");
    await grid(page).waitFor();
    expect(await count()).toBe("24");
    const root = grid(page).locator('[aria-rowindex="2"]');
    await root.locator("[data-fold]").click();
    expect(await count()).toBe("2");
    expect(await root.innerText()).toContain("22 spans folded");
    await root.locator("[data-fold]").click();
    await page.getByRole("button", { name: /^web/ }).click();
    await expect.poll(async () => Number(await count())).toBeLessThan(24);
    expect(await grid(page).getByText("insert order").count()).toBe(1);
    await page.getByRole("button", { name: "Unfold" }).click();
    await expect.poll(count).toBe("24");
    await page.getByLabel("Find spans").fill("insert item");
    await expect
      .poll(async () => (await grid(page).locator(".span-row:not(.passed)").allInnerTexts()).length)
      .toBe(1);
    await page.getByLabel("Find spans").fill("no such span");
    await page.getByRole("button", { name: "Show all spans" }).click();
    await expect.poll(count).toBe("24");
  });

  it("zoom into the time that the pointer is dragged over, and by buttons and keys", async () => {
    const { page } = await bench.open(`/trace/${finishedId}`);
    const axis = page.locator(".axis[data-side=left] .axis-times");
    const box = await axis.boundingBox();
    if (!box) throw new Error("there is no time axis");
    await page.mouse.move(box.x + box.width * 0.5, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 10, { steps: 4 });
    expect(await page.locator(".drag-range").count()).toBe(4);
    await page.mouse.up();
    const [from = 0, to = 0] = readZoom(page);
    expect(from / 895).toBeCloseTo(0.5, 1);
    expect(to / 895).toBeCloseTo(0.75, 1);
    await page.getByRole("button", { name: "Reset time axis" }).click();
    expect(readZoom(page)).toEqual([]);
    await page.getByRole("button", { name: "Zoom in" }).click();
    const [, half = 0] = readZoom(page);
    await grid(page).locator('[aria-rowindex="2"]').focus();
    await page.keyboard.press("Shift+ArrowRight");
    await expect.poll(() => readZoom(page)[1]).toBeGreaterThan(half);
    await page.keyboard.press("0");
    await expect.poll(() => readZoom(page)).toEqual([]);
  });

  it("are narrowed down to the critical path of a view, which says what decided how long it took", async () => {
    const { page } = await bench.open(`/trace/${finishedId}`);
    const path = page.getByRole("region", { name: "left side: Sentry" }).locator(".critical-path");
    await path.locator("summary").click();
    expect(await path.getByRole("listitem").first().innerText()).toMatch(/factory: process factory.*\d+ %/s);
    await page.keyboard.press("Escape");
    expect(await path.getByRole("list").isVisible()).toBe(false);
    await path.locator("summary").click();
    await path.getByRole("button", { name: "Show only these rows" }).click();
    expect(await page.getByLabel("Which spans").inputValue()).toBe("critical");
    expect(await path.getByRole("list").isVisible()).toBe(true);
    await page.getByLabel("Find spans").click();
    expect(await path.getByRole("list").isVisible()).toBe(false);
  });

  it("tell errors and logs on the time line to pointer and keyboard", async () => {
    const { page } = await bench.open(`/trace/${failedId}?panel=none`);
    const lane = page.getByRole("group", { name: "Errors and logs of Sentry" });
    await lane.getByRole("button").first().hover();
    await page.getByRole("tooltip").getByText("The machine broke down").first().waitFor();
    await page.mouse.move(0, 0);
    await lane.getByRole("button").first().focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("tooltip").waitFor();
    await page.keyboard.press("Enter");
    await panel(page).getByText("Errors and logs").waitFor();
    expect(await panel(page).locator(".facts .failed").count()).toBeGreaterThan(0);
  });
});

describe("10,000 spans", () => {
  it("are drawn as far as they are in sight, and the last one is reached", async () => {
    const { page, problems } = await bench.open(`/trace/${largeId}`);
    await grid(page).waitFor();
    expect(await grid(page).getAttribute("aria-rowcount")).toBe("10001");
    expect(await page.locator(".span-row").count()).toBeLessThan(80);
    await grid(page).evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await grid(page).locator('[aria-rowindex="10001"]').waitFor();
    expect(await page.locator(".span-row").count()).toBeLessThan(80);
    await page.getByLabel("Find spans").fill("the last span");
    await grid(page).locator(".span-row:not(.passed)").getByText("the last span").waitFor();
    expect(problems).toEqual([]);
  });

  it("are drawn no further on a narrow screen", async () => {
    const { page } = await bench.open(`/trace/${largeId}`, { viewport: { width: 390, height: 844 } });
    await grid(page).locator('[aria-rowindex="2"]').waitFor();
    expect(await page.locator(".span-row").count()).toBeLessThan(80);
  });

  it("keep the focus on a row that is scrolled out of sight", async () => {
    const { page } = await bench.open(`/trace/${largeId}`);
    await grid(page).locator('[aria-rowindex="2"]').focus();
    await grid(page).evaluate((element) => element.scrollTo(0, 90_000));
    await expect.poll(() => page.locator('[aria-rowindex="3010"]').count()).toBe(1);
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => focusedRow(page)).toBe("3");
    await page.keyboard.press("End");
    await expect.poll(() => focusedRow(page)).toBe("10001");
  });
});

describe("the keyboard", () => {
  it("does everything: walk, fold, differences, detail, help", async () => {
    const { page } = await bench.open(`/trace/${failedId}?panel=none`);
    await grid(page).waitFor();
    while ((await focusedRow(page)) === null) await page.keyboard.press("Tab");
    expect(await focusedRow(page)).toBe("2");
    await page.keyboard.press("ArrowRight");
    expect(await focusedRow(page)).toBe("3");
    await page.keyboard.press("ArrowLeft");
    expect(await page.locator('[aria-rowindex="3"]').getAttribute("aria-expanded")).toBe("false");
    await page.keyboard.press("ArrowLeft");
    expect(await focusedRow(page)).toBe("2");
    await page.keyboard.press("PageDown");
    await page.keyboard.press("Home");
    expect(await focusedRow(page)).toBe("2");
    await page.keyboard.press("Enter");
    await panel(page).getByRole("heading", { name: "POST /order", level: 2 }).waitFor();
    await page.keyboard.press("Escape");
    await panel(page).waitFor({ state: "detached" });
    expect(await focusedRow(page)).toBe("2");
    await page.keyboard.press("Shift+?");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor({ state: "detached" });
    expect(await focusedRow(page)).toBe("2");
  });

  it("goes from difference to difference", async () => {
    const { page } = await bench.open(`/trace/${failedId}`);
    await page.getByText(/unexplained differences?:/).waitFor();
    const spans = await page
      .locator(".span-row.differs")
      .evaluateAll((rows) => rows.map((row) => row.getAttribute("data-span")));
    await grid(page).locator('[aria-rowindex="2"]').focus();
    const focused = (): Promise<string | null | undefined> =>
      page.evaluate(() => document.activeElement?.getAttribute("data-span"));
    await page.keyboard.press("]");
    await expect.poll(focused).toBe(spans[0]);
    await page.keyboard.press("]");
    await expect.poll(focused).toBe(spans[1]);
    await page.keyboard.press("[");
    await expect.poll(focused).toBe(spans[0]);
  });
});

describe("more of a trace", () => {
  it("is not claimed to be there when the page was hidden for a while and nothing has come", async () => {
    const { page } = await bench.open(`/trace/${failedId}`);
    await grid(page).waitFor();
    const asked = page.waitForResponse(/\/verdict/);
    for (const hidden of [true, false]) {
      await page.evaluate((value) => {
        Object.defineProperty(document, "hidden", { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
    }
    await (await asked).finished();
    expect(await page.getByText("More of this trace has arrived").count()).toBe(0);
  });

  it("is offered when it arrives, and keeps selection and scroll", async () => {
    const { page } = await bench.open(`/trace/${failedId}?span=${attempt}`);
    await panel(page).getByRole("table").waitFor();
    await grid(page).evaluate((element) => element.scrollTo(0, 60));
    await sendRecording(bench.url, "order-failed", { sides: ["otlp"] });
    await page.getByRole("button", { name: "Show it" }).click();
    await page.getByText("Both views are equal:").waitFor();
    expect(await grid(page).evaluate((element) => element.scrollTop)).toBe(60);
    expect(await rowOf(page, attempt).getAttribute("aria-selected")).toBe("true");
  });
});

function focusedRow(page: Page): Promise<string | null> {
  return page.evaluate(
    () => document.activeElement?.closest("[data-span]")?.getAttribute("aria-rowindex") ?? null,
  );
}

function readZoom(page: Page): number[] {
  return (new URL(page.url()).searchParams.get("zoom") ?? "").split("-").filter(Boolean).map(Number);
}

async function barOf(page: Page, side: string): Promise<{ y: number; fromStart: number }> {
  const timeline = await rowOf(page, attempt).locator(`[data-side=${side}]`).boundingBox();
  const bar = await rowOf(page, attempt).locator(`[data-side=${side}] .bar`).boundingBox();
  if (!timeline || !bar) throw new Error("the span is not drawn");
  return { y: bar.y, fromStart: bar.x - timeline.x };
}
