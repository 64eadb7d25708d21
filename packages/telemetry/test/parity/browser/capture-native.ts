// Writes browser-native.json anew: what Sentry's own SDK sends of one visit to a page, in Chromium.
// node --conditions=tracebridge-source packages/telemetry/test/parity/browser/capture-native.ts
import { writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import type { Page } from "playwright-core";
import { launchChromium } from "../../../../../test/chromium.ts";
import { describeVisit, type Step } from "./describe-visit.ts";
import { startNativeServer, type NativeServer } from "./native-server.ts";

/** Longer than the SDK keeps what it has: a span that is idle ends after 1 s, a buffer is sent after 5 s at most. */
const SETTLED_AFTER_MILLIS = 6500;

const clicks = ["order", "other", "missing", "submit", "throw", "reject", "report", "slow", "navigate"];

const server = await startNativeServer();
const browser = await launchChromium();
try {
  const page = await browser.newPage();
  const steps = [...(await visit(page, server)), ...(await closeAfterClick(page, server))];
  const file = new URL("../browser-native.json", import.meta.url);
  await writeFile(file, `${JSON.stringify(describeVisit(steps, server.url), null, 2)}\n`);
} finally {
  await browser.close();
  server.close();
}

async function visit(page: Page, { url, takeArrived }: NativeServer): Promise<Step[]> {
  const steps: Step[] = [];
  const take = async (name: string, act: () => Promise<unknown>): Promise<void> => {
    await act();
    await setTimeout(SETTLED_AFTER_MILLIS);
    steps.push({ name, ...takeArrived() });
  };
  await take("load of /?utm=1", () => page.goto(`${url}/?utm=1`));
  for (const id of clicks) await take(`click on ${id}`, () => page.click(`#${id}`));
  await take("click on order after navigation", () => page.click("#order"));
  await take("page is left", () => page.goto("about:blank"));
  return steps;
}

async function closeAfterClick(page: Page, { url, takeArrived }: NativeServer): Promise<Step[]> {
  await page.goto(url);
  await page.waitForLoadState("networkidle");
  await page.click("#order");
  await page.close({ runBeforeUnload: true });
  await setTimeout(SETTLED_AFTER_MILLIS);
  return [{ name: "load, click on order, closed at once", ...takeArrived() }];
}
