import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../../../../test/chromium.ts";
import { toBoth } from "../fixture-process.ts";
import { openPageHost } from "./open-page-host.ts";

const HOSTILE = `"'><img src=x onerror=alert(1)></script><script>alert(2)</script>&quot;\u2028\u0000\r\n`;
/** What an environment variable can hold of it. */
const HOSTILE_NAME = HOSTILE.replaceAll("\u0000", "").trim();
const TRACE = "0af7651916cd43dd8448eb211c80319c";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

interface Head {
  readonly meta: Readonly<Record<string, string>>;
  readonly config: unknown;
  readonly elements: readonly string[];
}

/** Runs in the page. */
const readHead = `({
  meta: Object.fromEntries([...document.querySelectorAll("meta")].map(({ name, content }) => [name, content])),
  config: JSON.parse(document.querySelector("#tracebridge").textContent),
  elements: [...document.querySelectorAll("html *")].map(({ localName }) => localName),
})`;

test("a browser reads hostile values as the texts they are, and runs nothing of them", async () => {
  const host = await openPageHost({
    env: (to) => ({ ...toBoth(to), TRACEBRIDGE_BROWSER_SERVICE_NAME: HOSTILE_NAME }),
  });
  const page = await browser.newPage({
    extraHTTPHeaders: {
      "sentry-trace": `${TRACE}-b7ad6b7169203331-1`,
      baggage: `sentry-trace_id=${TRACE},sentry-environment=${encodeURIComponent(HOSTILE)},tenant=<b>`,
    },
  });
  const happened: string[] = [];
  page.on("dialog", (dialog) => {
    happened.push(dialog.message());
    void dialog.dismiss();
  });
  page.on("pageerror", (error) => happened.push(error.message));
  await page.goto(host.url);
  const { meta, config, elements } = await page.evaluate<Head>(readHead);
  expect(elements).toEqual(["head", "meta", "meta", "meta", "script", "title", "body"]);
  expect(meta["sentry-trace"]).toMatch(new RegExp(`^${TRACE}-[0-9a-f]{16}-1$`));
  const members = (meta["baggage"] ?? "").split(",").map((member) => member.split("="));
  const environment = members.find(([key]) => key === "sentry-environment")?.[1] ?? "";
  expect(decodeURIComponent(environment)).toBe(HOSTILE);
  expect(members.map(([key]) => key)).not.toContain("tenant");
  expect(config).toMatchObject({ serviceName: HOSTILE_NAME });
  expect(happened).toEqual([]);
});
