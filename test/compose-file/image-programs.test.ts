import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { compileCache } from "../compile-cache.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function startServer(answer: (request: IncomingMessage, response: ServerResponse) => unknown) {
  const server = createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function start(program: string, args: readonly string[], env: Record<string, string> = {}) {
  const path = fileURLToPath(new URL(`../../deploy/image/${program}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], {
    env: { ...compileCache, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  closers.push(() => child.kill("SIGKILL"));
  return child;
}

async function readEnd(child: ChildProcess & { stdout: NodeJS.ReadableStream }) {
  const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return { exitCode: exitCode as number | null, lines: output.split("\n").filter((line) => line !== "") };
}

describe("health.ts", () => {
  it("is content when every address answers", async () => {
    const url = await startServer((_request, response) => response.end());
    expect(await readEnd(start("health.ts", [url, `${url}/other`]))).toEqual({ exitCode: 0, lines: [] });
  });

  it("names each address that answers badly or not at all", async () => {
    const good = await startServer((_request, response) => response.end());
    const bad = await startServer((_request, response) => response.writeHead(503).end());
    const closed = "http://127.0.0.1:1";
    const { exitCode, lines } = await readEnd(start("health.ts", [good, bad, closed]));
    expect(exitCode).toBe(1);
    expect(lines.sort((a, b) => a.localeCompare(b))).toEqual(
      [`${bad} answers with status 503`, `${closed} does not answer`].sort((a, b) => a.localeCompare(b)),
    );
  });

  it("stays with --watch, tells what changes, and ends by SIGTERM", async () => {
    let status = 503;
    const url = await startServer((_request, response) => response.writeHead(status).end());
    const child = start("health.ts", ["--watch", url]);
    const [first] = (await once(child.stdout, "data")) as [Buffer];
    expect(String(first)).toBe(`${url} answers with status 503\n`);
    status = 200;
    const [second] = (await once(child.stdout, "data")) as [Buffer];
    expect(String(second)).toBe(`${url} answers\n`);
    child.kill("SIGTERM");
    expect((await readEnd(child)).exitCode).toBe(0);
  });
});

describe("load.ts", () => {
  it("sends orders with ids of their own until it is told to end, and says what became of them", async () => {
    const ids = new Set<unknown>();
    const enough = Promise.withResolvers<void>();
    const url = await startServer(async (request, response) => {
      ids.add((JSON.parse(await text(request)) as { id: unknown }).id);
      response.writeHead(202).end();
      if (ids.size === 20) enough.resolve();
    });
    const child = start("load.ts", [], { LOAD_WEB_URL: url, LOAD_ORDERS_PER_SECOND: "100" });
    await enough.promise;
    child.kill("SIGTERM");
    const { exitCode, lines } = await readEnd(child);
    expect(exitCode).toBe(0);
    const counts = JSON.parse(lines.at(-1) ?? "{}") as Record<string, number>;
    expect(counts).toMatchObject({ refused: 0, failed: 0, "not sent": 0 });
    expect(Number(counts["accepted"]) + Number(counts["open"])).toBeGreaterThanOrEqual(20);
  });

  it("does not start with a rate that is none", async () => {
    const child = start("load.ts", [], { LOAD_ORDERS_PER_SECOND: "many" });
    const [message, { exitCode }] = await Promise.all([text(child.stderr), readEnd(child)]);
    expect(exitCode).toBe(1);
    expect(message).toContain('LOAD_ORDERS_PER_SECOND="many"');
  });
});
