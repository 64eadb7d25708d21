import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { SourceError, type TraceSource } from "../../compare/src/sources/source.ts";
import { startServer, type RunningServer } from "../../compare/test/server-bench.ts";
import { launchChromium, openPage, type OpenedPage } from "../../../test/chromium.ts";

const vite = join(import.meta.dirname, "../../../node_modules/vite/bin/vite.js");

/** The built page in a real browser, and behind it a compare server with its two stores. */
export interface TraceBench {
  readonly url: string;
  /** Opens an address of it. */
  readonly open: (path: string, options?: BrowserContextOptions) => Promise<OpenedPage>;
}

/** Registers everything that starts and stops the bench around the tests of one file. */
export function createTraceBench(): TraceBench {
  let folder: string;
  let browser: Browser;
  let compare: RunningServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "compare-page-"));
    await buildPage(folder);
    compare = await startServer({
      sources: [silentSource],
      pageFolder: folder,
      pageLinks: { sentry: (traceId) => `https://sentry.example/trace/${traceId}` },
    });
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

async function buildPage(folder: string): Promise<void> {
  const args = [vite, "build", "--logLevel", "warn", "--outDir", folder, "--emptyOutDir"];
  const child = spawn(process.execPath, args, { cwd: join(import.meta.dirname, ".."), stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`vite build ended with code ${code}`);
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

export const grid = (page: Page): Locator => page.getByRole("treegrid");
/** A span's row, by its id. */
export const rowOf = (page: Page, spanId: string): Locator => page.locator(`[data-span="${spanId}"]`);
export const panel = (page: Page): Locator => page.locator(".panel");
