import { spawn, type ChildProcess } from "node:child_process";
import { startReceiver, type Receiver } from "@tracebridge/receivers";
import { claimPort } from "@tracebridge/embedded/ports";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { launchChromium } from "../../../../test/chromium.ts";
import { compileCache } from "../../../../test/compile-cache.ts";
import { buildDocumented, documentedFiles, type DocumentedApplication } from "./browser-document.ts";

let browser: Browser;
let receiver: Receiver;
let application: DocumentedApplication | undefined;
let server: ChildProcess | undefined;
let url: string;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  server?.kill("SIGKILL");
  for (const context of browser.contexts()) await context.close();
  await receiver.close();
  await application?.remove();
});

/** Starts `server.js` as the page says, and opens it. */
async function open(changed: Readonly<Record<string, string>> = {}): Promise<Page> {
  application = await buildDocumented(changed);
  const port = await claimPort();
  url = `http://127.0.0.1:${port}`;
  const register = ["--conditions=tracebridge-source", "--import", "@tracebridge/telemetry/register"];
  server = spawn(process.execPath, [...register, "server.js"], {
    cwd: application.folder,
    env: {
      ...compileCache,
      PORT: String(port),
      OTEL_SERVICE_NAME: "shop",
      SENTRY_DSN: receiver.dsn,
      SENTRY_TRACES_SAMPLE_RATE: "1",
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  await expect
    .poll(() =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    .toBe(true);
  const page = await browser.newPage();
  await page.goto(url);
  await page.locator("#order").waitFor();
  return page;
}

/** The names from the root of a trace down to the span of that name in that service, but for Express' own handlers. */
function readPath(kind: "sentry" | "otlp", service: string, name: string): string[] {
  const spans = receiver[kind].spans;
  const path: string[] = [];
  let span = spans.findLast((one) => one.service === service && one.name === name);
  while (span) {
    if (!("express.type" in span.attributes)) path.unshift(`${span.service ?? "?"}: ${span.name}`);
    const { traceId, parentSpanId } = span;
    span = spans.find((one) => one.traceId === traceId && one.spanId === parentSpanId);
  }
  return path;
}

it("has one trace from the page to the service at both back ends, as docs/browser.md says", async () => {
  const page = await open();
  await page.click("#order");
  const expected = [
    "shop: GET /",
    "page: /",
    "page: click button#order",
    "page: POST /order/:orderId",
    "shop: POST /order/:id",
  ];
  await expect.poll(() => readPath("sentry", "shop", "POST /order/:id")).toEqual(expected);
  await expect.poll(() => readPath("otlp", "shop", "POST /order/:id")).toEqual(expected);
  for (const { name, attributes } of [...receiver.otlp.spans, ...receiver.sentry.spans]) {
    if (name.startsWith("POST")) expect(attributes).toMatchObject({ orderId: "al-7" });
  }
});

it("keeps what follows an await inside its span, as docs/browser.md says", async () => {
  const main = documentedFiles.get("src/main.jsx") ?? "";
  const page = await open({
    "src/main.jsx": `${main}\nimport { submit } from "./submit.js";\nglobalThis.submit = submit;\n`,
  });
  expect(await page.evaluate(`globalThis.submit(["1", "2"])`)).toEqual([200, 200]);
  const calls = (): string[] => {
    const spans = receiver.otlp.spans;
    const parent = spans.find(({ name }) => name === "handleSubmit");
    return spans.filter(({ parentSpanId }) => parentSpanId === parent?.spanId).map(({ name }) => name);
  };
  await expect.poll(calls).toEqual(["POST /order/:id", "POST /order/:id"]);
});

it("sends headers to the targets that docs/browser.md lists, and to nobody else", async () => {
  const page = await open({ "src/telemetry.js": documentedFiles.get("src/targets.js") ?? "" });
  const traced: Record<string, boolean> = {};
  await page.route("https://*/**", async (route) => {
    const request = route.request();
    traced[request.url()] = "sentry-trace" in request.headers();
    await route.fulfill({
      headers: { "access-control-allow-origin": "*", "access-control-allow-headers": "*" },
    });
  });
  const expected = {
    "https://stock.example.com/parts": true,
    "https://eu.api.example.com/": true,
    "https://evil.test/https://stock.example.com/": false,
    "https://stock.example.com.evil.test/": false,
  };
  for (const address of Object.keys(expected)) {
    await page.evaluate((target) => fetch(target).then((answer) => answer.status), address);
  }
  expect(traced).toEqual(expected);
  const own = page.waitForRequest(`${url}/order/al-7`);
  await page.click("#order");
  expect(Object.keys((await own).headers())).toContain("sentry-trace");
});
