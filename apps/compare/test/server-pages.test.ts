import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeFolder, startServer, type RunningServer } from "./server-bench.ts";

const traceId = "a".repeat(32);
const index = "<!doctype html><title>the application</title>";
const script = "export {};";

describe("the pages", () => {
  let server: RunningServer;
  let place: Awaited<ReturnType<typeof makeFolder>>;
  beforeAll(async () => {
    place = await makeFolder();
    const built = join(place.folder, "dist");
    await mkdir(join(built, "assets"), { recursive: true });
    await writeFile(join(built, "index.html"), index);
    await writeFile(join(built, "favicon.svg"), "<svg/>");
    await writeFile(join(built, "assets/index-aB3_x-9.js"), script);
    await writeFile(join(built, "assets/index-aB3_x-9.css"), "a{}");
    await writeFile(join(built, "assets/notes.txt"), "not a page's");
    await writeFile(join(place.folder, "secret.js"), "secret");
    server = await startServer({ pageFolder: built });
  });
  afterAll(async () => {
    await server.close();
    await place.remove();
  });

  it.each(["/", "/?query=alice", `/trace/${traceId}`, `/trace/${traceId}?view=sentry`, `/trace/${traceId}/`])(
    "are one application at %s, asked for anew each time",
    async (path) => {
      const { status, headers, body } = await server.ask(path);
      expect([status, body]).toEqual([200, index]);
      expect(headers).toMatchObject({
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-cache",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
      });
    },
  );

  it("run and load what comes from here and nothing else", async () => {
    const { headers } = await server.ask("/");
    expect(headers["content-security-policy"]).toBe(
      "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
  });

  it.each([
    ["/assets/index-aB3_x-9.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"],
    ["/assets/index-aB3_x-9.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"],
    ["/favicon.svg", "image/svg+xml", "no-cache"],
  ])("have %s as %s, kept as %s", async (path, contentType, cacheControl) => {
    const { status, headers } = await server.ask(path);
    expect(status).toBe(200);
    expect(headers).toMatchObject({ "content-type": contentType, "cache-control": cacheControl });
  });

  it("answer HEAD as GET, without the body", async () => {
    const { status, headers, body } = await server.ask("/assets/index-aB3_x-9.js", { method: "HEAD" });
    expect([status, headers["content-length"], body]).toEqual([200, String(script.length), ""]);
  });

  it("say what a whole address looks like when a link to a trace was cut short", async () => {
    const { status, body } = await server.ask("/trace/abc");
    expect([status, body]).toEqual([404, index]);
  });

  it.each([
    "/secret.js",
    "/index.html",
    "/assets/notes.txt",
    "/assets/missing.js",
    "/assets/",
    "/assets/../secret.js",
    "/assets/..%2fsecret.js",
    "/assets/%2e%2e/secret.js",
    "/assets/%2e%2e%2f%2e%2e%2fsecret.js",
    "/assets/..%5csecret.js",
    "/assets/..\\..\\secret.js",
    "/assets//../../secret.js",
    "//secret.js",
    "/assets/index-aB3_x-9.js%00.css",
    "/assets/a..js",
    "/assets/%",
  ])("do not have %s", async (path) => {
    const { status, body } = await server.ask(path);
    expect([status, body]).toEqual([404, expect.stringContaining('"code":"NOT_FOUND"')]);
  });

  it.each(["POST", "PUT", "DELETE", "OPTIONS"])("refuse %s", async (method) => {
    const { status, headers } = await server.ask("/", { method });
    expect([status, headers.allow]).toEqual([405, "GET, HEAD"]);
  });

  it("are not for a page that reached them by a name of its own", async () => {
    expect(await server.ask("/", { headers: { host: "attacker.example" } })).toMatchObject({ status: 421 });
  });
});

describe("pages that have not been built", () => {
  it("say which command builds them, and appear as soon as they are there", async () => {
    const { folder, remove } = await makeFolder();
    const server = await startServer({ pageFolder: folder });
    try {
      const before = await server.ask(`/trace/${traceId}`);
      expect([before.status, before.body]).toEqual([
        503,
        expect.stringContaining("npm run build -w apps/compare-page"),
      ]);
      expect(before.body).not.toContain("<script");
      await writeFile(join(folder, "index.html"), index);
      expect(await server.ask("/")).toMatchObject({ status: 200, body: index });
    } finally {
      await server.close();
      await remove();
    }
  });
});
