import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";

const vite = join(import.meta.dirname, "../../../node_modules/vite/bin/vite.js");
const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** The addresses that the tests open. */
const pages = new Set(["/", "/index.html", "/reset-password", "/nowhere"]);

export interface BuiltPage {
  /**
   * Serves the page's own files, under the content security policy of the web service.
   * @param head what the web service writes into the page
   */
  readonly serve: (request: IncomingMessage, response: ServerResponse, head?: string) => boolean;
  readonly remove: () => Promise<void>;
}

/** Builds the page as users get it into a folder of its own, so that no other build is in the way. */
export async function buildPage(): Promise<BuiltPage> {
  const folder = await mkdtemp(join(tmpdir(), "page-build-"));
  await buildPageInto(folder);
  return {
    serve(request, response, head = "") {
      const { pathname } = new URL(request.url ?? "/", "http://page");
      const path = pages.has(pathname) ? "/index.html" : pathname;
      const contentType = contentTypes[extname(path)];
      if (contentType === undefined) return false;
      void readFile(join(folder, path)).then(
        (content) => {
          response.writeHead(200, {
            "content-type": contentType,
            "content-security-policy": "default-src 'self'",
          });
          const isPage = path === "/index.html";
          response.end(isPage ? content.toString("utf8").replace("<!--tracebridge-->", head) : content);
        },
        () => response.writeHead(404).end(),
      );
      return true;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Builds the page as users get it into a folder. */
export async function buildPageInto(folder: string): Promise<void> {
  await run(process.execPath, [vite, "build", "--logLevel", "warn", "--outDir", folder, "--emptyOutDir"]);
}

function run(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: join(import.meta.dirname, ".."), stdio: "inherit" });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`vite build ended with code ${code}`));
    });
  });
}
