import type { Locator, Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { recorded, sendRecording } from "../../compare/test/recorded-order.ts";
import { createTraceBench, grid } from "./trace-bench.ts";

const bench = createTraceBench();
const finishedId = "e44df9e6204594677f64f376b1f35ddd";
const failedId = "43b930f546ba75a50c276a129e362fa9";
const specialId = recorded.special.traceId;

const rows = (page: Page): Locator =>
  page
    .getByRole("table")
    .getByRole("row")
    .filter({ has: page.locator("td") });
const linkTo = (page: Page, traceId: string): Locator => page.locator(`a[href="/trace/${traceId}"]`);
const rowOf = (page: Page, traceId: string): Locator => rows(page).filter({ has: linkTo(page, traceId) });
const searchBox = (page: Page): Locator => page.getByRole("searchbox");
const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute("href") ?? document.activeElement?.id ?? null);

async function countTraces(): Promise<number> {
  const traces = (await (await fetch(`${bench.url}/api/traces`)).json()) as unknown[];
  return traces.length;
}

describe("the list before anything has arrived", () => {
  it("says what to do, shows what comes first at once, and lets what comes later wait", async () => {
    const { page, problems } = await bench.open("/");
    await page.getByRole("heading", { name: "Nothing has arrived yet" }).waitFor();
    expect(await page.locator("pre").innerText()).toBe(
      `SENTRY_DSN=${bench.url.replace("//", "//public@")}/1\nOTEL_EXPORTER_OTLP_ENDPOINT=${bench.url}`,
    );
    await page.getByText("live", { exact: true }).waitFor();
    await sendRecording(bench.url, "special");
    await rowOf(page, specialId).getByText("new", { exact: true }).waitFor();

    for (const order of ["order-finished", "order-failed"] as const) await sendRecording(bench.url, order);
    // A recorded order is several traces, of which the page may hear at different times.
    const button = page.getByRole("button", { name: `Show ${(await countTraces()) - 1} new traces` });
    await button.waitFor();
    expect(await rows(page).count()).toBe(1);
    await button.click();
    await rowOf(page, failedId).getByText("new", { exact: true }).waitFor();
    await rowOf(page, finishedId).getByText("equal", { exact: true }).waitFor();
    await button.waitFor({ state: "detached" });
    expect(await rowOf(page, specialId).getByText("new", { exact: true }).count()).toBe(0);
    expect(problems).toEqual([]);
  });
});

describe("the list of traces", () => {
  beforeAll(async () => {
    for (const order of ["order-finished", "order-failed", "special"] as const) {
      await sendRecording(bench.url, order);
    }
  });

  it("shows of each trace who took part, how much of it each side has, and whether they tell the same", async () => {
    const { page } = await bench.open("/?query=bob");
    const row = rowOf(page, failedId);
    await row.getByText("equal", { exact: true }).waitFor();
    expect((await row.locator("td").allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "))).toEqual([
      expect.stringMatching(/^POST \/order ?43b930f5$/),
      expect.stringMatching(/^factory ?order ?web$/),
      "32",
      "32",
      "3",
      "equal",
      expect.stringMatching(/just now|ago/),
    ]);
    await page.goto(`${bench.url}/?query=service=special-a`);
    await rows(page).getByText("OTLP only").waitFor();
  });

  it("finds by order id and by any attribute, and keeps the search in the address", async () => {
    const { page, problems } = await bench.open("/");
    await searchBox(page).fill("bob");
    await searchBox(page).press("Enter");
    await page.getByRole("heading", { name: "Traces with “bob”" }).waitFor();
    expect(await rows(page).first().locator("a").getAttribute("href")).toBe(`/trace/${failedId}`);
    expect(page.url()).toBe(`${bench.url}/?query=bob`);
    expect(await page.title()).toBe("Traces with bob · Tracebridge");

    await searchBox(page).fill("orderId=alice");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("heading", { name: "Traces with “orderId=alice”" }).waitFor();
    await linkTo(page, finishedId).waitFor();
    expect(await linkTo(page, failedId).count()).toBe(0);

    await page.goBack();
    await linkTo(page, failedId).waitFor();
    expect(await searchBox(page).inputValue()).toBe("bob");
    expect(problems).toEqual([]);
  });

  it("goes to a trace whose id is searched for, and from a row to its trace and back", async () => {
    const { page, problems } = await bench.open("/");
    await searchBox(page).fill(` ${failedId.toUpperCase()} `);
    await searchBox(page).press("Enter");
    await page.waitForURL(`${bench.url}/trace/${failedId}`);
    await grid(page).getByText("process factory").first().waitFor();
    await page.goBack();
    // The link lies over the whole row.
    await rowOf(page, finishedId).getByText("23").first().click({ force: true });
    await page.waitForURL(`${bench.url}/trace/${finishedId}`);
    expect(problems).toEqual([]);
  });

  it("needs no mouse", async () => {
    const { page } = await bench.open("/");
    await rows(page).first().waitFor();
    await page.keyboard.press("/");
    expect(await focused(page)).toBe("query");
    await page.keyboard.type("bob");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Traces with “bob”" }).waitFor();
    await rows(page).first().waitFor();
    await page.keyboard.press("/");
    const links = await rows(page)
      .locator("a")
      .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    const visited: (string | null)[] = [];
    for (const key of ["ArrowDown", "ArrowDown", "End", "ArrowDown", "Home", "ArrowUp"]) {
      await page.keyboard.press(key);
      visited.push(await focused(page));
    }
    expect(visited).toEqual([links[0], links[1], links.at(-1), links.at(-1), links[0], "query"]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${bench.url}/trace/${failedId}`);
    expect(await focused(page)).toBe("main");
  });

  it("sorts by its heads, says so, and keeps the choice in the address", async () => {
    const { page } = await bench.open("/");
    await rows(page).first().waitFor();
    const spans = async (): Promise<number[]> =>
      (await page.locator("td.column-otlp").allInnerTexts()).map(Number);
    const head = page.getByRole("columnheader", { name: "OTLP spans" });
    await head.getByRole("button").click();
    const largestFirst = (await spans()).toSorted((a, b) => b - a);
    expect([await spans(), await head.getAttribute("aria-sort")]).toEqual([largestFirst, "descending"]);
    expect(page.url()).toBe(`${bench.url}/?sort=-otlp`);
    await page.reload();
    await rows(page).first().waitFor();
    expect(await spans()).toEqual(largestFirst);
    await head.getByRole("button").click();
    expect([await spans(), page.url()]).toEqual([largestFirst.toReversed(), `${bench.url}/?sort=otlp`]);
  });

  it("says what can be searched for when nothing is found, and shows the match when it comes", async () => {
    const { page } = await bench.open("/?query=dora");
    await page.getByRole("heading", { name: "No trace has dora" }).waitFor();
    const span = {
      traceId: "d".repeat(32),
      spanId: "1".repeat(16),
      name: "POST /order",
      kind: 2,
      startTimeUnixNano: "1795276000000000000",
      endTimeUnixNano: "1795276001000000000",
      attributes: [{ key: "orderId", value: { stringValue: "dora" } }],
    };
    await page.getByText("live", { exact: true }).waitFor();
    await fetch(`${bench.url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
    });
    await linkTo(page, span.traceId).waitFor();
    expect(await page.getByText("No trace has").count()).toBe(0);
  });

  it("says so when compare fails or is away, and goes on when it is back", async () => {
    const { page } = await bench.open("/");
    await rows(page).first().waitFor();
    let answer: "failure" | "nothing" | "all" = "failure";
    await page.route("**/api/traces*", async (route) => {
      if (answer === "all") return route.continue();
      if (answer === "nothing") return route.abort();
      const body = JSON.stringify({ error: { code: "INTERNAL", message: "see compare's log" } });
      await route.fulfill({ status: 500, contentType: "application/json", body });
    });
    await page.reload();
    await page.getByRole("alert").getByText("Compare failed. see compare's log").waitFor();
    answer = "nothing";
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("alert").getByText("Compare cannot be reached").waitFor();
    answer = "all";
    await page.getByRole("button", { name: "Try again" }).click();
    await rows(page).first().waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  it("says when it is no longer live, and is live again by itself", async () => {
    const { page } = await bench.open("/");
    await page.getByText("live", { exact: true }).waitFor();
    await page.route("**/api/arrivals", (route) => route.abort());
    await page.reload();
    await page.getByText("connection lost, trying again…").waitFor();
    await rows(page).first().waitFor();
    await page.unroute("**/api/arrivals");
    await page.getByText("live", { exact: true }).waitFor();
    expect(await page.getByText("connection lost").count()).toBe(0);
  });

  it("says what an address looks like that leads to something", async () => {
    const { page } = await bench.open("/trace/abc");
    await page.getByRole("heading", { name: "There is nothing at this address" }).waitFor();
    await page.getByRole("link", { name: "Recent traces" }).click();
    await page.getByRole("heading", { name: "Recent traces" }).waitFor();
    expect(page.url()).toBe(`${bench.url}/`);
  });
});
