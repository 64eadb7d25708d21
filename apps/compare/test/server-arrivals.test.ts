import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RequestError } from "../src/server/answer.ts";
import { createArrivalFeed, type ArrivalFeed } from "../src/server/arrival-feed.ts";
import { order, otlpOf, sendOrder, traceId } from "./samples.ts";
import { startServer, type RunningServer } from "./server-bench.ts";

/** Polls end when they succeed; a machine that does other work as well must not fail one. */
const patience = { timeout: 20_000 };

/** A stream of events, and what came of it so far. */
async function listen(
  url: string,
): Promise<{ response: IncomingMessage; read: () => string; end: () => void }> {
  const request = get(url);
  request.on("error", () => undefined);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  let text = "";
  response.on("data", (chunk) => (text += String(chunk)));
  response.on("error", () => undefined);
  return { response, read: () => text, end: () => request.destroy() };
}

const readEvents = (text: string): unknown[] =>
  [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json ?? ""));

describe("the stream of arrivals", () => {
  let server: RunningServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  it("tells everybody who listens which traces something has arrived of", async () => {
    const listeners = await Promise.all([
      listen(`${server.url}/api/arrivals`),
      listen(`${server.url}/api/arrivals`),
    ]);
    await sendOrder(server.url);
    for (const { response, read } of listeners) {
      expect(response.headers["content-type"]).toBe("text/event-stream");
      await expect.poll(() => readEvents(read()).at(-1), patience).toEqual({ traceIds: [traceId] });
    }
  });

  it("tells many arrivals at once", async () => {
    const { read } = await listen(`${server.url}/api/arrivals`);
    const ids = Array.from({ length: 50 }, (_, index) => (index + 1).toString(16).padStart(32, "0"));
    const [span] = order;
    const body = otlpOf(
      ...ids.map((traceId) => ({ name: "", service: "", spanId: "1".repeat(16), ...span, traceId })),
    );
    const headers = { "content-type": "application/json" };
    await fetch(`${server.url}/v1/traces`, { method: "POST", headers, body });
    await expect.poll(() => readEvents(read()), patience).toEqual([{ traceIds: ids }]);
  });

  it("has an end for those who ask for its head only", async () => {
    const { status, headers } = await server.ask("/api/arrivals", { method: "HEAD" });
    expect([status, headers["content-type"]]).toEqual([200, "text/event-stream"]);
  });

  it("ends when the server is told to", async () => {
    const { response } = await listen(`${server.url}/api/arrivals`);
    await server.close();
    await expect.poll(() => response.complete, patience).toBe(true);
    server = await startServer();
  });
});

describe("a feed of arrivals", () => {
  let feed: ArrivalFeed | undefined;
  let close: (() => void) | undefined;
  afterEach(() => {
    feed?.close();
    close?.();
  });

  async function serve(options: Parameters<typeof createArrivalFeed>[0]): Promise<string> {
    const created = (feed = createArrivalFeed(options));
    const server = createServer((_, response) => {
      try {
        created.connect(response);
      } catch (error) {
        response.writeHead(error instanceof RequestError ? error.status : 500).end();
      }
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    close = () => server.close();
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it("sends a comment now and then, so that nothing on the way takes the connection for dead", async () => {
    const { read } = await listen(await serve({ heartbeatMillis: 5 }));
    await expect.poll(read, patience).toMatch(/(: still here\n\n){2}/);
  });

  it("has room for so many and no more, and room again when one has gone", async () => {
    const url = await serve({ maxListeners: 1 });
    const first = await listen(url);
    expect((await listen(url)).response.statusCode).toBe(503);
    first.end();
    await expect.poll(async () => (await listen(url)).response.statusCode, patience).toBe(200);
  });

  it("tells what came while it was collecting once", async () => {
    const { read } = await listen(await serve({ collectMillis: 20 }));
    for (const traceIds of [["a", "b"], ["b"], ["c"]]) feed?.announce(traceIds);
    await expect.poll(() => readEvents(read()), patience).toEqual([{ traceIds: ["a", "b", "c"] }]);
  });
});
