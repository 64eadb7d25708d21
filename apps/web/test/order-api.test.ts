import { createServer as createHttpServer } from "node:http";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, MongoNetworkError } from "mongodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startDatabase } from "@tracebridge/embedded";
import { Outbox } from "@tracebridge/service";
import { createRecordingLogger } from "../../../packages/service/test/support/log.ts";
import { createServer } from "../src/server.ts";
import type { OrderDocument } from "../src/store/orders.ts";

let embedded: Awaited<ReturnType<typeof startDatabase>>;
let client: MongoClient;
let server: ReturnType<typeof createHttpServer>;
let url: string;
let pageDir: string;
const sent: string[] = [];
const state = { prepared: true, failure: undefined as Error | undefined };

beforeAll(async () => {
  embedded = await startDatabase();
  client = await MongoClient.connect(embedded.url);
  pageDir = await mkdtemp(join(tmpdir(), "page-"));
  await mkdir(join(pageDir, "assets"));
  await writeFile(join(pageDir, "index.html"), "<title>the page</title>");
  await writeFile(join(pageDir, "assets", "app-1a2b.js"), "export {};");
  const logger = createRecordingLogger().logger;
  const store = new Outbox({
    collection: client.db("web").collection<OrderDocument>("order"),
    publish: async (message) => {
      sent.push(`${message.queue} ${message.messageId} ${message.content.toString()}`);
    },
    canSend: () => true,
    logger,
  });
  await store.prepare();
  const app = createServer({
    logger,
    pageDir,
    compareUrl: "http://localhost:8007",
    trustProxy: false,
    corsOrigins: [],
    resets: {
      passwords: {
        hashAddress: () => "",
        request: async () => undefined,
        complete: async () => false,
      },
      limits: { perAddress: 1, perClient: 1 },
      now: Date.now,
    },
    database: { isPrepared: () => state.prepared, isOutage: (error) => error instanceof MongoNetworkError },
    readReadiness: async () => ({
      status: 503,
      body: { status: "not ready", database: "away", broker: "up" },
    }),
    store: {
      create: (...args) => (state.failure ? Promise.reject(state.failure) : store.create(...args)),
      find: (id) => (state.failure ? Promise.reject(state.failure) : store.find(id)),
    },
  });
  server = createHttpServer(app);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  sent.length = 0;
  state.prepared = true;
  state.failure = undefined;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  await client.close();
  await embedded.close();
  await rm(pageDir, { recursive: true });
});

const json = { "content-type": "application/json" };
const post = (body: string | undefined, headers: Record<string, string> = json): Promise<Response> =>
  fetch(`${url}/order`, { method: "POST", headers, body });

describe("POST /order", () => {
  test("a new order is accepted, stored and sent on once; the same id again returns it and sends nothing", async () => {
    const first = await post('{"id":"alice"}');
    expect([first.status, await first.json()]).toEqual([202, { id: "alice", status: "create" }]);
    const second = await post('{"id":"alice","fail":"always"}');
    expect([second.status, await second.json()]).toEqual([200, { id: "alice", status: "create" }]);
    expect(sent).toEqual(['order alice.create {"type":"create","id":"alice"}']);
    expect(await (await fetch(`${url}/order/alice`)).json()).toEqual({ id: "alice", status: "create" });
  });

  test("ten requests with the same id at once make one order and one message", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('{"id":"rush"}')));
    expect(answers.filter((answer) => answer.status === 202)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(9);
    expect(sent).toHaveLength(1);
  });

  test("the wish to fail travels with the message", async () => {
    await post('{"id":"bob","fail":"once"}');
    expect(sent).toEqual(['order bob.create {"type":"create","id":"bob","fail":"once"}']);
  });

  test.each([
    { name: "the longest id", id: "x".repeat(64) },
    { name: "a card number", id: "4111111111111111" },
    { name: "one digit", id: "2" },
    { name: "a UUID", id: "0f0f0f0f-0000-4000-8000-000000000000" },
  ])("$name is a good id", async ({ id }) => {
    expect((await post(JSON.stringify({ id }))).status).toBe(202);
  });

  test.each([
    { name: "no body", body: undefined, status: 400, code: "invalid", field: "id" },
    { name: "an empty body", body: "", status: 400, code: "invalid", field: "id" },
    { name: "bad JSON", body: '{"id":', status: 400, code: "bad_json" },
    { name: "a JSON text", body: '"alice"', status: 400, code: "bad_json" },
    { name: "a list", body: "[1]", status: 400, code: "invalid" },
    { name: "null", body: "null", status: 400, code: "bad_json" },
    { name: "no id", body: "{}", status: 400, code: "invalid", field: "id" },
    { name: "a number as id", body: '{"id":7}', status: 400, code: "invalid", field: "id" },
    { name: "null as id", body: '{"id":null}', status: 400, code: "invalid", field: "id" },
    { name: "a list as id", body: '{"id":["a"]}', status: 400, code: "invalid", field: "id" },
    {
      name: "an operator object as id",
      body: '{"id":{"$gt":""}}',
      status: 400,
      code: "invalid",
      field: "id",
    },
    { name: "an empty id", body: '{"id":""}', status: 400, code: "invalid", field: "id" },
    {
      name: "an id of 65 characters",
      body: `{"id":"${"x".repeat(65)}"}`,
      status: 400,
      code: "invalid",
      field: "id",
    },
    { name: "a space in the id", body: '{"id":"a b"}', status: 400, code: "invalid", field: "id" },
    { name: "a line break after the id", body: '{"id":"a\\n"}', status: 400, code: "invalid", field: "id" },
    { name: "markup as id", body: '{"id":"<b>"}', status: 400, code: "invalid", field: "id" },
    {
      name: "an id only in the prototype",
      body: '{"__proto__":{"id":"a"}}',
      status: 400,
      code: "invalid",
      field: "id",
    },
    {
      name: "an unknown way to fail",
      body: '{"id":"c","fail":"never"}',
      status: 400,
      code: "invalid",
      field: "fail",
    },
    {
      name: "an operator object as fail",
      body: '{"id":"c","fail":{"$ne":1}}',
      status: 400,
      code: "invalid",
      field: "fail",
    },
    {
      name: "a body over 16 KiB",
      body: JSON.stringify({ id: "c", pad: "x".repeat(16 * 1024) }),
      status: 413,
      code: "too_large",
    },
  ])("$name is answered with $status $code and sends nothing", async ({ body, status, code, field }) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({
      error: { code, message: expect.stringMatching(/.{10}/), ...(field ? { field } : {}) },
    });
    expect(sent).toEqual([]);
  });

  test.each([
    { name: "a form", headers: { "content-type": "application/x-www-form-urlencoded" }, status: 415 },
    { name: "an unknown charset", headers: { "content-type": "application/json; charset=odd" }, status: 415 },
    { name: "an unknown encoding", headers: { ...json, "content-encoding": "odd" }, status: 415 },
  ])("$name is answered with $status", async ({ headers, status }) => {
    const answer = await post('{"id":"d"}', headers);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toHaveProperty("error.code");
  });

  test("before the database is prepared, orders are refused with 503", async () => {
    state.prepared = false;
    const answer = await post('{"id":"early"}');
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await answer.json()).toMatchObject({ error: { code: "unavailable" } });
    expect(sent).toEqual([]);
  });
});

describe("GET /order/:id", () => {
  test.each([
    { path: "/order/nobody", status: 404, code: "not_found" },
    { path: "/order/a%20b", status: 400, code: "invalid" },
    { path: "/order/%7B%22$gt%22:%22%22%7D", status: 400, code: "invalid" },
    { path: `/order/${"x".repeat(65)}`, status: 400, code: "invalid" },
    { path: "/order/%E0%A4%A", status: 400, code: "bad_request" },
  ])("$path is answered with $status $code", async ({ path, status, code }) => {
    const answer = await fetch(url + path);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { code } });
  });

  test.each([
    {
      name: "a database that is away",
      failure: new MongoNetworkError("away at 10.0.0.1"),
      status: 503,
      code: "unavailable",
    },
    { name: "a failure inside", failure: new Error("secret detail"), status: 500, code: "internal" },
  ])("$name is answered with $status and no detail", async ({ failure, status, code }) => {
    state.failure = failure;
    const answer = await fetch(`${url}/order/alice`);
    expect(answer.status).toBe(status);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ error: { code } });
    expect(text).not.toContain(failure.message);
  });
});

describe("everything else", () => {
  test("health is 200 and readiness says what is missing", async () => {
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const readiness = await fetch(`${url}/readiness`);
    expect([readiness.status, await readiness.json()]).toEqual([
      503,
      { status: "not ready", database: "away", broker: "up" },
    ]);
  });

  test("an answer has the id its request came with, or a new one; a health probe has none", async () => {
    const named = await fetch(`${url}/order/none`, { headers: { "x-request-id": "edge-1" } });
    expect([named.status, named.headers.get("x-request-id")]).toEqual([404, "edge-1"]);
    const unnamed = await fetch(`${url}/config.json`);
    expect(unnamed.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect((await fetch(`${url}/health`)).headers.has("x-request-id")).toBe(false);
  });

  test("the page's settings name the comparison", async () => {
    expect(await (await fetch(`${url}/config.json`)).json()).toEqual({ compareUrl: "http://localhost:8007" });
  });

  test.each(["/", "/index.html", "/reset-password"])(
    "%s is the page, with security headers",
    async (path) => {
      const answer = await fetch(url + path);
      expect([answer.status, await answer.text()]).toEqual([200, "<title>the page</title>"]);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        "content-security-policy": expect.stringContaining("default-src 'self'"),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
      });
      expect(answer.headers.has("x-powered-by")).toBe(false);
    },
  );

  test("an asset is served as what it is and may be kept", async () => {
    const answer = await fetch(`${url}/assets/app-1a2b.js`);
    expect(await answer.text()).toBe("export {};");
    expect(answer.headers.get("content-type")).toContain("javascript");
    expect(answer.headers.get("cache-control")).toContain("immutable");
  });

  test.each([
    { method: "GET", path: "/order" },
    { method: "GET", path: "/order/a/b" },
    { method: "DELETE", path: "/order/a" },
    { method: "GET", path: "/readiness/x" },
    { method: "GET", path: "/assets/none.js" },
    { method: "GET", path: "/..%2f..%2fetc%2fpasswd" },
    { method: "GET", path: "/some/view" },
    { method: "POST", path: "/" },
  ])("$method $path is 404 in JSON", async ({ method, path }) => {
    const answer = await fetch(url + path, { method });
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: "not_found" } }]);
  });

  test("a browser that asks for an unknown address gets a page that says so", async () => {
    const answer = await fetch(`${url}/some/view`, { headers: { accept: "text/html,*/*;q=0.8" } });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(await answer.text()).toContain("There is nothing at this address");
  });

  test("the page is read again after another build", async () => {
    await writeFile(join(pageDir, "index.html"), "<title>built anew</title>");
    expect(await (await fetch(url)).text()).toBe("<title>built anew</title>");
    await writeFile(join(pageDir, "index.html"), "<title>the page</title>");
  });

  test("without a built page the answer says how to build it", async () => {
    await rm(join(pageDir, "index.html"));
    const answer = await fetch(`${url}/`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain("npm run build -w @tracebridge/page");
    await writeFile(join(pageDir, "index.html"), "<title>the page</title>");
  });
});
