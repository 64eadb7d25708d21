import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { createCompareServer, type CompareServer } from "../../compare/src/server/create-compare-server.ts";
import { SourceError, type TraceSource } from "../../compare/src/sources/source.ts";
import { openTraceStore, type TraceStore } from "../../compare/src/store/store.ts";
import { launchChromium } from "../../../test/chromium.ts";

const vite = join(import.meta.dirname, "../../../node_modules/vite/bin/vite.js");

/** The built page in a real browser, and behind it a compare server with its two stores. */
export interface TraceBench {
  readonly url: string;
  /** Opens an address of it; `problems` collects what the console and the content security policy complain about. */
  readonly open: (
    path: string,
    options?: BrowserContextOptions,
  ) => Promise<{ page: Page; problems: string[] }>;
}

/** Registers everything that starts and stops the bench around the tests of one file. */
export function createTraceBench(): TraceBench {
  let folder: string;
  let browser: Browser;
  let compare: RunningCompare;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "compare-page-"));
    await buildPage(folder);
    compare = await startCompareServer(folder);
    browser = await launchChromium();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await browser.close();
    await compare.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    get url() {
      return compare.url;
    },
    open: (path, options) => openPage(browser, compare.url + path, options),
  };
}

async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; problems: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.goto(url);
  return { page, problems };
}

async function buildPage(folder: string): Promise<void> {
  const args = [vite, "build", "--logLevel", "warn", "--outDir", folder, "--emptyOutDir"];
  const child = spawn(process.execPath, args, { cwd: join(import.meta.dirname, ".."), stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`vite build ended with code ${code}`);
}

interface RunningCompare {
  url: string;
  close: () => Promise<void>;
}

/** A back end that nobody started. */
const silentSource: TraceSource = {
  name: "jaeger:http://127.0.0.1:9",
  label: "Jaeger",
  format: "jaeger-v3",
  readTrace: () => {
    throw new SourceError("UNREACHABLE", "Jaeger at http://127.0.0.1:9 does not answer. Is it running?");
  },
  findTraceIds: () => Promise.resolve([]),
};

async function startCompareServer(pageFolder: string): Promise<RunningCompare> {
  const store = await openTraceStore({
    limits: { maxBytes: 500_000_000, maxItems: 1_000_000, maxAgeMillis: Infinity },
    onCrash: (error) => process.stderr.write(`${error.message}\n`),
    onNotice: () => undefined,
  });
  const compare = createCompareServer(store, {
    sources: [silentSource],
    pageFolder,
    pageLinks: { sentry: (traceId) => `https://sentry.example/trace/${traceId}` },
  });
  const server = createServer(compare.listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => closeAll(server, compare, store) };
}

async function closeAll(server: Server, compare: CompareServer, store: TraceStore): Promise<void> {
  server.close();
  compare.endStreams();
  server.closeAllConnections();
  await compare.close();
  await store.close();
}

export const grid = (page: Page): Locator => page.getByRole("treegrid");
/** A span's row, by its id. */
export const rowOf = (page: Page, spanId: string): Locator => page.locator(`[data-span="${spanId}"]`);
export const panel = (page: Page): Locator => page.locator(".panel");
