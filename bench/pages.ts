import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { largeId, sendLargeTrace } from "../apps/compare-page/test/trace-data.ts";
import { launchChromium } from "../test/chromium.ts";
import type { BenchOptions } from "./main.ts";
import { startCompare } from "./receivers/compare-process.ts";
import { describeMachine, readLoad } from "./results.ts";

const rounds = 5;
const pages = fileURLToPath(new URL("../apps/compare-page/dist/index.html", import.meta.url));

/** Milliseconds from the navigation: something is painted, the rows of both waterfalls are. */
interface Paints {
  first: number;
  rows: number;
}

/** Opens a large trace in Chromium: just after something of it has arrived, so that it is compared anew, and again. */
export async function benchPages({ quick }: BenchOptions): Promise<string> {
  if (!existsSync(pages)) throw new Error("The pages are not built: npm run build -w apps/compare-page");
  const spans = quick ? 1000 : 10_000;
  const load = readLoad();
  const compare = await startCompare({});
  const browser = await launchChromium();
  try {
    await sendLargeTrace(compare.url, spans);
    await open(browser, compare.url);
    const anew: Paints[] = [];
    const again: Paints[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await sendLog(compare.url, round);
      anew.push(await open(browser, compare.url));
      again.push(await open(browser, compare.url));
    }
    const row = (name: string, paints: readonly Paints[]): string =>
      `| ${name} | ${tell(paints, "first")} | ${tell(paints, "rows")} |`;
    return [
      describeMachine(load),
      "",
      `A trace of ${spans} spans on each side, opened ${rounds} times in Chromium at 1280 × 800, caches empty. Milliseconds from the`,
      "navigation, median and range: until the frame around the trace is painted, and until the spans are.",
      "",
      "| | first paint | spans painted |",
      "| --- | --- | --- |",
      row("compared anew", anew),
      row("compared before", again),
    ].join("\n");
  } finally {
    await browser.close();
    await compare.stop();
  }
}

async function open(browser: Browser, url: string): Promise<Paints> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  // Each frame looks once whether rows are there; what it sees is painted before the next one looks.
  await page.addInitScript(`
    let wereThere = false;
    const look = (now) => {
      if (wereThere) { globalThis.rowsPainted = now; return; }
      wereThere = document.querySelectorAll("[data-span]").length > 10;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  `);
  await page.goto(`${url}/trace/${largeId}`);
  const paints = await page.evaluate<Paints>(`(async () => {
    while (globalThis.rowsPainted === undefined) await new Promise(requestAnimationFrame);
    const [first] = performance.getEntriesByName("first-contentful-paint");
    return { first: first.startTime, rows: globalThis.rowsPainted };
  })()`);
  await context.close();
  return paints;
}

/** Something new, so that what was compared no longer holds. */
async function sendLog(url: string, round: number): Promise<void> {
  const record = {
    traceId: largeId,
    timeUnixNano: `${1_795_276_384_000_000_000n + BigInt(round)}`,
    body: { stringValue: "bench" },
  };
  const response = await fetch(`${url}/v1/logs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }),
  });
  if (!response.ok) throw new Error(`compare answered a log with ${response.status}`);
}

function tell(paints: readonly Paints[], what: keyof Paints): string {
  const sorted = paints.map((one) => Math.round(one[what])).toSorted((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)]} (${sorted[0]}–${sorted.at(-1)})`;
}
