import type { RequestListener } from "node:http";
import { startReceiver } from "@tracebridge/receivers";
import type { OtlpSpan, Receiver, ReceiverOptions } from "@tracebridge/receivers";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { launchChromium } from "../../../../test/chromium.ts";
import { PAGE_CONFIG_ID } from "../../src/browser/page-config.ts";
import type { PageConfig } from "../../src/browser/page-config.ts";
import { buildPageScript } from "./build-page.ts";
import { createApi } from "./site.ts";
import type { SiteCall } from "./site.ts";

/** Where the receiver takes envelopes and OTLP, in the page's own origin. */
export const TUNNEL = "/api/1/envelope/";
export const OTLP_PATH = "/v1/traces";

export const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
export const PARENT_ID = "b7ad6b7169203331";

export interface OpenOptions {
  /** Where the page is; default `/`. */
  readonly path?: string;
  /** Over the bench's own configuration; null: the page has no such element; a text stands as it is. */
  readonly config?: Partial<PageConfig> | string | null;
  /** Meta tags by name, written with the value as it is. */
  readonly meta?: Readonly<Record<string, string>>;
  /** What `startBrowserTelemetry` gets, as JavaScript. */
  readonly startOptions?: string;
  /** Runs in the page before anything else, as JavaScript. */
  readonly before?: string;
  readonly head?: string;
  /** Whether the page asks for telemetry only when it has loaded. */
  readonly isLate?: boolean;
}

interface OpenedPage {
  readonly page: Page;
  /** What was thrown and not caught. */
  readonly errors: string[];
  /** What was written to the console: `warning: …`. */
  readonly console: string[];
}

/** A page with telemetry in a real browser; it and its receivers share one origin. */
export interface BrowserBench {
  /** Both back ends take part when a test does not say otherwise. */
  readonly receiver: Receiver;
  /** What the page called of its own origin. */
  readonly calls: SiteCall[];
  /** Answers of the receivers that a test wants otherwise. */
  respond: ReceiverOptions["respond"];
  createConfig(): PageConfig;
  /** The span of this name at the OTLP receiver, as soon as it is there. */
  readOtlpSpan(name: string): Promise<OtlpSpan>;
  open(options?: OpenOptions): Promise<OpenedPage>;
}

/** Registers everything that starts and stops the bench around the tests of one file. */
export function createBrowserBench(): BrowserBench {
  let script: string;
  let browser: Browser;
  let receiver: Receiver;
  let calls: SiteCall[] = [];
  let html = "";
  const bench: BrowserBench = {
    get receiver() {
      return receiver;
    },
    get calls() {
      return calls;
    },
    respond: undefined,
    createConfig: () => createConfig(receiver),
    readOtlpSpan: async (name) => {
      const find = () => receiver.otlp.spans.find((span) => span.name === name);
      await receiver.waitFor(`the span ${name}`, () => find() !== undefined);
      const span = find();
      if (!span) throw new Error(`The span ${name} is gone.`);
      return span;
    },
    open: async (options = {}) => {
      html = renderPage(options, createConfig(receiver));
      return openPage(browser, receiver.url, options);
    },
  };
  beforeAll(async () => {
    script = await buildPageScript();
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    calls = [];
    bench.respond = undefined;
    const api = createApi(calls);
    const fallback: RequestListener = (request, response) => {
      if (request.url?.startsWith("/api/") === true) api(request, response);
      else if (request.url === "/main.js") sendText(response, "text/javascript", script);
      else sendText(response, "text/html; charset=utf-8", html);
    };
    receiver = await startReceiver({ respond: (request) => bench.respond?.(request), fallback });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await receiver.close();
  });
  return bench;
}

/** Ours as the server would write them; hostile ones are for a test of their own. */
export function writeMetaTags(sampled = true): Record<string, string> {
  const flag = sampled ? "1" : "0";
  return {
    "sentry-trace": `${TRACE_ID}-${PARENT_ID}-${flag}`,
    baggage: `sentry-trace_id=${TRACE_ID},sentry-sampled=${sampled},sentry-sample_rand=0.5,sentry-sample_rate=1,sentry-public_key=public`,
    traceparent: `00-${TRACE_ID}-${PARENT_ID}-0${flag}`,
  };
}

function createConfig(receiver: Receiver): PageConfig {
  return {
    serviceName: "page",
    environment: "test",
    release: "page@1.0.0",
    sentry: { dsn: receiver.dsn, tunnel: TUNNEL, spans: true, errors: true, tracesSampleRate: 1 },
    otlp: { url: OTLP_PATH, sampleRate: 1 },
    businessKeys: ["orderId"],
  };
}

const SCRIPT = '<script type="module" src="/main.js"></script>';
const LATE_SCRIPT = `<script>addEventListener("load", () => setTimeout(() => {
  document.head.append(Object.assign(document.createElement("script"), { type: "module", src: "/main.js" }));
}, 50));</script>`;

function renderPage(
  { config, meta = {}, head = "", isLate = false }: OpenOptions,
  defaults: PageConfig,
): string {
  const json = typeof config === "string" ? config : JSON.stringify({ ...defaults, ...config });
  const element = `<script type="application/json" id="${PAGE_CONFIG_ID}">${json}</script>`;
  const tags = Object.entries(meta).map(([name, value]) => `<meta name="${name}" content="${value}">`);
  return `<!doctype html><html><head><title>bench</title><link rel="icon" href="data:,">
${tags.join("\n")}
${config === null ? "" : element}
${head}${isLate ? LATE_SCRIPT : SCRIPT}</head>
<body><button id="buy">Buy</button><a id="link" href="/other">Other</a>
<form id="order" name="order"><input name="address" value="secret@example.com"><button>Send</button></form>
</body></html>`;
}

async function openPage(
  browser: Browser,
  url: string,
  { path = "/", startOptions, before }: OpenOptions,
): Promise<OpenedPage> {
  const context = await browser.newContext();
  context.setDefaultTimeout(20_000);
  if (startOptions !== undefined) await context.addInitScript(`globalThis.startOptions = (${startOptions})`);
  if (before !== undefined) await context.addInitScript(before);
  const page = await context.newPage();
  const errors: string[] = [];
  const console: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => console.push(`${message.type()}: ${message.text()}`));
  await page.goto(`${url}${path}`);
  await page.locator("html[data-started]").waitFor();
  return { page, errors, console };
}

function sendText(response: Parameters<RequestListener>[1], contentType: string, body: string): void {
  response.writeHead(200, { "content-type": contentType, "cache-control": "no-store" }).end(body);
}
