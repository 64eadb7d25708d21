import { beforeAll, describe, expect, it } from "vitest";
import { sendRecordedOrder, sendRecording } from "../../compare/test/recorded-order.ts";
import { createTraceBench, grid, panel, rowOf } from "./trace-bench.ts";
import { failedId, finishedId } from "./trace-data.ts";

const bench = createTraceBench();
/** Attempts of the factory at order bob, in order of time; OTLP is told that the first took longer. */
const firstAttempt = "8208c1049977e516";
let slowed = false;

beforeAll(async () => {
  await sendRecording(bench.url, "order-failed", {
    change: (span) => {
      if (span.name === "process order" && !slowed) {
        slowed = true;
        return { ...span, name: "handle order" };
      }
      if (span.spanId === firstAttempt)
        return { ...span, endTimeUnixNano: String(BigInt(span.endTimeUnixNano) + 300_000_000n) };
      return span;
    },
  });
});

describe("a trace with differences", () => {
  it("is found by its order id, and leads by a difference to both sides of the span", async () => {
    const { page, problems } = await bench.open("/");
    await page.getByRole("searchbox").fill("bob");
    await page.getByRole("searchbox").press("Enter");
    await page.locator(`a[href*="${failedId}"]`).first().click();
    await page.getByText("2 unexplained differences:").waitFor();
    await page.getByRole("button", { name: /duration differs/ }).click();
    await panel(page).getByRole("heading", { name: "process factory", level: 2 }).waitFor();
    const open = panel(page).locator("tbody.open");
    await open.waitFor();
    expect(await open.getByRole("row", { name: /duration/ }).innerText()).toMatch(
      /duration\s+16\.888 ms\s+316\.888\d* ms/,
    );
    expect(new URL(page.url()).searchParams.get("span")).toBe(firstAttempt);
    expect(await rowOf(page, firstAttempt).getAttribute("aria-selected")).toBe("true");
    await page.goBack();
    await panel(page).getByRole("heading", { name: "Differences", exact: true }).waitFor();
    await page.goForward();
    await panel(page).getByRole("heading", { name: "process factory", level: 2 }).waitFor();
    expect(problems).toEqual([]);
  });

  it("is told with every explained difference under its rule, on demand", async () => {
    const { page } = await bench.open(`/trace/${failedId}`);
    const rule = page
      .locator("details.rule")
      .filter({ has: page.getByText("Sentry keeps no span events", { exact: true }) });
    expect(await rule.locator("li").count()).toBe(0);
    await rule.locator("summary").click();
    await rule.getByRole("link", { name: /Source/ }).waitFor();
    const told = Number(await rule.locator("summary .badge").innerText());
    await expect.poll(() => rule.locator("li").count()).toBe(told);
  });

  it("is narrowed down by verdict, field, service, rule and text, and the address remembers", async () => {
    const { page } = await bench.open(`/trace/${failedId}`);
    const unexplained = page.getByRole("region", { name: "Unexplained differences" }).getByRole("listitem");
    await expect.poll(() => unexplained.count()).toBe(2);
    await panel(page).getByLabel("Field").selectOption("name");
    await expect.poll(() => unexplained.count()).toBe(1);
    await page.reload();
    await expect.poll(() => unexplained.allInnerTexts()).toEqual([expect.stringMatching(/handle order/)]);
    await panel(page).getByRole("button", { name: "Clear filter" }).click();
    await panel(page).getByLabel("Text in the differences").fill("316.8");
    await panel(page).getByLabel("Text in the differences").fill("handle");
    await expect.poll(() => unexplained.count()).toBe(1);
    await panel(page).getByLabel("Service").selectOption("web");
    await expect.poll(() => unexplained.count()).toBe(0);
  });
});

describe("a link", () => {
  it("opens span, zoom, view, filter and collapsed services as they were", async () => {
    const query = "view=otlp&zoom=0-100&service=web&q=order&span=618d7afd04ea93c3";
    const { page } = await bench.open(`/trace/${failedId}?${query}`);
    await panel(page).getByRole("heading", { name: "process order", level: 2 }).waitFor();
    expect(await page.getByRole("button", { name: "OTLP", exact: true }).getAttribute("aria-pressed")).toBe(
      "true",
    );
    expect(await grid(page).getAttribute("aria-colcount")).toBe("2");
    expect(await page.getByLabel("Find spans").inputValue()).toBe("order");
    expect(await page.getByRole("button", { name: /^web/ }).getAttribute("aria-expanded")).toBe("false");
    expect(await page.getByRole("button", { name: "Reset time axis" }).count()).toBe(1);
  });

  it("shows one side for the order page, which calls it by its back end", async () => {
    const { page } = await bench.open(`/trace/${failedId}?view=sentry`);
    await page.getByRole("treegrid", { name: "Spans of Sentry" }).waitFor();
    expect(await page.locator(".timeline[data-side=right]").count()).toBe(0);
  });

  it("leads to the trace in the back end's own pages where they are known", async () => {
    const { page } = await bench.open(`/trace/${failedId}`);
    const link = page.getByRole("link", { name: /Open in Sentry/ });
    expect(await link.getAttribute("href")).toBe(`https://sentry.example/trace/${failedId}`);
    expect(await page.getByRole("link", { name: /Open in OTLP/ }).count()).toBe(0);
  });
});

describe("a trace that cannot be shown whole", () => {
  it.each(["left=local:otlp&right=local:sentry", ""])(
    "names the side that has logs but no span (%s)",
    async (sources) => {
      const traceId = await sendRecordedOrder(bench.url, { change: () => undefined });
      const { page } = await bench.open(`/trace/${traceId}?${sources}`);
      await page.getByText("Only Sentry has spans of this trace: OTLP has none").waitFor();
      await page.getByText("Why OTLP may not have it").waitFor();
      expect(await grid(page).getAttribute("aria-colcount")).toBe("3");
    },
  );

  it("is shown as soon as it arrives when nothing of it was here, and says what one side lacks", async () => {
    const { page } = await bench.open(`/trace/${finishedId}`);
    await page.getByRole("heading", { name: "Nothing of this trace is here" }).waitFor();
    await sendRecording(bench.url, "order-finished", { sides: ["otlp"] });
    await page.getByText("Only OTLP has this trace:").waitFor();
    await page.getByText("Why Sentry may not have it").click();
    await page.getByText("SENTRY_DSN must point at this server").waitFor();
    await grid(page).locator("[data-span]").first().click();
    await panel(page).getByRole("table").waitFor();
    expect(await panel(page).getByText("Not explained").count()).toBe(0);
    await sendRecording(bench.url, "order-finished", { sides: ["sentry"] });
    // What was sent months ago is not on its way: where the page looked in between, it offers the rest.
    const rest = page.getByRole("button", { name: "Show it" });
    await expect
      .poll(async () => {
        if (await rest.isVisible()) await rest.click();
        return page.locator(".verdict").innerText();
      })
      .toMatch(/Both views are equal: 23 spans, \d+ differences, all explained/);
  });

  it("names a source that does not answer, and offers others", async () => {
    const { page } = await bench.open(`/trace/${failedId}`);
    await page.getByLabel("Right", { exact: true }).selectOption({ label: "Jaeger" });
    await page.getByRole("alert").getByText("Is it running?").waitFor();
    await page.getByRole("link", { name: "Sentry and OTLP" }).click();
    await page.getByText("2 unexplained differences:").waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  it("is looked at from the other side when the sources change places", async () => {
    const { page } = await bench.open(`/trace/${failedId}`);
    await page.getByLabel("Left", { exact: true }).selectOption({ label: "OTLP" });
    await page.getByRole("treegrid", { name: "Spans of OTLP and Sentry" }).waitFor();
    expect(await page.getByLabel("Right", { exact: true }).inputValue()).toBe("local:sentry");
  });
});
