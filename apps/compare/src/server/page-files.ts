import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { send } from "./answer.ts";

/** Where `npm run build -w apps/compare-page` puts the pages. */
export const builtPages = fileURLToPath(new URL("../../../compare-page/dist", import.meta.url));

/** The only names that are ever read: no dot segment, no slash and nothing encoded gets through. */
const filePath = /^\/(?:favicon|assets\/[\w-]+(?:\.[\w-]+)*)\.(css|js|svg|woff2)$/;
const contentTypes: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};

export function isPageFile(pathname: string): boolean {
  return filePath.test(pathname);
}

/** @returns false when there is no such file */
export async function sendPageFile(
  response: ServerResponse,
  folder: string,
  pathname: string,
): Promise<boolean> {
  const contentType = contentTypes[filePath.exec(pathname)?.[1] ?? ""];
  const content = contentType === undefined ? undefined : await read(join(folder, pathname));
  if (contentType === undefined || content === undefined) return false;
  // Vite writes a hash of the content into the names of what is in `assets`.
  const keep = pathname.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  send(response, 200, { "content-type": contentType, "cache-control": keep }, content);
  return true;
}

/** The application itself; which page it shows, it reads off the address. */
export async function sendApplication(
  response: ServerResponse,
  folder: string,
  status: number,
): Promise<void> {
  const index = await read(join(folder, "index.html"));
  const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" };
  if (index === undefined) send(response, 503, headers, notBuilt);
  else send(response, status, headers, index);
}

async function read(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Not built · Tracebridge</title>
<h1>These pages have not been built yet</h1>
<p>Run <code>npm run build -w apps/compare-page</code> where Tracebridge is installed, then load this page again.
npm start does it by itself and takes a moment: it may be under way.</p>
<p>What has been received is kept meanwhile. Without the pages, <code>npm run trace -- ORDER-ID</code> prints a trace.</p>
</html>
`;
