import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { claimPort } from "@tracebridge/embedded/ports";
import { launchChromium, openPage, type OpenedPage } from "../../../test/chromium.ts";
import { buildPage, type BuiltPage } from "./built-page.ts";
import { startWebApi, type ApiAnswer, type ApiRequest, type Respond, type WebApi } from "./web-api.ts";

export const traceId = "0af7651916cd43dd8448eb211c80319c";
export const compareUrl = "http://localhost:8007";
const withViews: ApiAnswer = { status: 200, body: { compareUrl } };

/** The built page in a real browser, with a server that each test can play on. */
export interface Bench {
  /** How the web service answers; an order that finishes unless the test says otherwise. */
  respond: Respond;
  /** The answer to the question for the page's configuration. */
  config: ApiAnswer;
  readonly api: WebApi;
  readonly open: (options?: BrowserContextOptions) => Promise<OpenedPage>;
  /** The calls about orders that arrived so far. */
  readonly orderCalls: () => string[];
  readonly stopServer: () => Promise<void>;
  /** Starts the server again where it was. */
  readonly restartServer: () => Promise<void>;
}

/** Registers everything that starts and stops the bench around the tests of one file. */
export function createBench(): Bench {
  let built: BuiltPage;
  let browser: Browser;
  let api: WebApi;
  let port: number;
  const answer: Respond = (request) =>
    request.path === "/config.json" ? bench.config : bench.respond(request);
  const bench: Bench = {
    respond: playOrder([]),
    config: withViews,
    get api() {
      return api;
    },
    open: (options) => openOrderPage(browser, api.url, options),
    orderCalls: () => api.calls().filter((call) => !call.endsWith("/config.json")),
    stopServer: () => api.close(),
    restartServer: async () => {
      api = await startWebApi(answer, built.serve, port);
    },
  };
  beforeAll(async () => {
    port = await claimPort();
    built = await buildPage();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await built.remove();
  });
  beforeEach(async () => {
    bench.respond = playOrder(["create", "making", "finished"]);
    bench.config = withViews;
    api = await startWebApi(answer, built.serve, port);
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await api.close();
  });
  return bench;
}

async function openOrderPage(
  browser: Browser,
  url: string,
  options?: BrowserContextOptions,
): Promise<OpenedPage> {
  const opened = await openPage(browser, url, options);
  await orderBox(opened.page).waitFor();
  return opened;
}

/** One order that goes through the given statuses, one for each look at it; the last one stays. */
export function playOrder(statuses: readonly string[], withTrace = true): Respond {
  let looks = 0;
  const trace = withTrace ? { traceId } : {};
  return ({ method, path, body }: ApiRequest) => {
    if (method === "POST") {
      const { id } = body as { id: string };
      return { status: 202, body: { id, status: "create", ...trace } };
    }
    const status = statuses[Math.min(looks, statuses.length - 1)];
    looks += 1;
    return { status: 200, body: { id: path.slice("/order/".length), status, ...trace } };
  };
}

export const orderBox = (page: Page): Locator => page.getByLabel("Order id");
export const checkBox = (page: Page): Locator => page.getByLabel("Id to check");
export const submit = (page: Page): Locator => page.getByRole("button", { name: "Submit" });
export const check = (page: Page): Locator => page.getByRole("button", { name: "Check" });
export const badge = (page: Page, status: string): Locator =>
  page.getByRole("status").getByText(status, { exact: true });
export const mistake = (page: Page, text: string): Locator =>
  page.getByRole("alert").filter({ hasText: text });
