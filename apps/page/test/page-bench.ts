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
  /** What the web service writes into the head of the page. */
  head: string;
  readonly api: WebApi;
  /** @param path default `/`, the order page */
  readonly open: (options?: BrowserContextOptions, path?: string) => Promise<OpenedPage>;
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
  const startApi = (): Promise<WebApi> =>
    startWebApi(answer, (request, response) => built.serve(request, response, bench.head), port);
  const bench: Bench = {
    respond: playOrder([]),
    config: withViews,
    head: "",
    get api() {
      return api;
    },
    open: async (options, path = "/") => {
      const opened = await openPage(browser, `${api.url}${path}`, options);
      await opened.page.getByRole("heading", { level: 1 }).waitFor();
      return opened;
    },
    orderCalls: () => api.calls().filter((call) => call.includes(" /order")),
    stopServer: () => api.close(),
    restartServer: async () => {
      api = await startApi();
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
    bench.head = "";
    api = await startApi();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await api.close();
  });
  return bench;
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

/** What has the focus, and whether one sees it. Runs in the page. */
export function readFocus(): string {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement)) return "nothing";
  const { outlineStyle, outlineWidth } = getComputedStyle(focused);
  const visible = outlineStyle === "solid" && Number.parseFloat(outlineWidth) >= 2;
  const name = focused instanceof HTMLInputElement ? focused.id || focused.value : focused.textContent;
  return `${name} ${visible ? "outlined" : "without outline"}`;
}
