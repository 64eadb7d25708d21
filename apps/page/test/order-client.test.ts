import { afterEach, describe, expect, it } from "vitest";
import { createOrderClient, type OrderClient } from "../src/orders/order-client.ts";
import { startWebApi, type Respond, type WebApi } from "./web-api.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const apis: WebApi[] = [];

async function start(respond: Respond): Promise<{ api: WebApi; client: OrderClient }> {
  const api = await startWebApi(respond);
  apis.push(api);
  return { api, client: createOrderClient({ baseUrl: api.url }) };
}

afterEach(async () => {
  for (const api of apis.splice(0)) await api.close();
});

describe("creating an order", () => {
  it("posts the id as JSON and reads the order that was created", async () => {
    const { api, client } = await start(() => ({
      status: 202,
      body: { id: "alice", status: "create", traceId },
    }));
    expect(await client.createOrder("alice", "no")).toEqual({
      ok: true,
      value: { order: { id: "alice", status: "create", traceId }, existed: false },
    });
    expect(api.requests).toMatchObject([
      {
        method: "POST",
        path: "/order",
        body: { id: "alice" },
        headers: { "content-type": "application/json" },
      },
    ]);
  });

  it.each(["once", "always"] as const)("asks for a failure: %s", async (fail) => {
    const { api, client } = await start(() => ({ status: 202, body: { id: "alice", status: "create" } }));
    await client.createOrder("alice", fail);
    expect(api.requests.map((request) => request.body)).toEqual([{ id: "alice", fail }]);
  });

  it("tells that the order existed already", async () => {
    const { client } = await start(() => ({ status: 200, body: { id: "alice", status: "finished" } }));
    expect(await client.createOrder("alice", "no")).toEqual({
      ok: true,
      value: { order: { id: "alice", status: "finished" }, existed: true },
    });
  });

  it("does not mistake an absent POST /order for an unknown order", async () => {
    const { client } = await start(() => ({ status: 404, body: "<h1>nothing here</h1>" }));
    expect(await client.createOrder("alice", "no")).toMatchObject({
      ok: false,
      problem: { kind: "unexpected", message: expect.stringContaining("404") },
    });
  });
});

describe("reading an order", () => {
  it("asks for exactly the id it was given", async () => {
    const { api, client } = await start(() => ({ status: 200, body: { id: "a/b", status: "making" } }));
    expect(await client.readOrder("a/b")).toEqual({ ok: true, value: { id: "a/b", status: "making" } });
    expect(api.calls()).toEqual(["GET /order/a%2Fb"]);
  });

  it("leaves out a trace id that is none", async () => {
    const { client } = await start(() => ({
      status: 200,
      body: { id: "alice", status: "making", traceId: "../x" },
    }));
    expect(await client.readOrder("alice")).toEqual({ ok: true, value: { id: "alice", status: "making" } });
  });

  it.each([
    ["another status", { id: "alice", status: "lost" }],
    ["no id", { status: "making" }],
    ["null", null],
    ["HTML", "<!doctype html>"],
  ])("calls an answer with %s unexpected", async (_name, body) => {
    const { client } = await start(() => ({ status: 200, body }));
    expect(await client.readOrder("alice")).toMatchObject({ ok: false, problem: { kind: "unexpected" } });
  });
});

describe("problems", () => {
  it.each([
    [
      400,
      { error: { code: "BAD", message: "id is too long", field: "id" } },
      {
        kind: "invalid",
        title: "The service refused the request (field id)",
        message: "id is too long",
        field: "id",
      },
    ],
    [400, { error: { code: "BAD" } }, { kind: "invalid", message: "It gave no reason." }],
    [
      404,
      { error: { code: "NOT_FOUND", message: "?" } },
      { kind: "unknown-order", title: "There is no order alice" },
    ],
    [
      413,
      { error: { code: "BIG", message: "16 KiB at most" } },
      { kind: "too-large", message: "16 KiB at most" },
    ],
    [413, undefined, { kind: "too-large", message: expect.stringContaining("shorter") }],
    [
      500,
      { error: { code: "X", message: "broken" } },
      { kind: "server", message: expect.stringContaining("broken") },
    ],
    [502, "<h1>Bad Gateway</h1>", { kind: "server", title: "The service has a problem (status 502)" }],
    [418, "teapot", { kind: "unexpected", message: "It answered with status 418." }],
  ])("turns status %i with %j into words", async (status, body, expected) => {
    const { client } = await start(() => ({ status, body }));
    const answer = await client.readOrder("alice");
    expect(answer).toMatchObject({ ok: false, problem: expected });
  });

  it("bounds what a service says", async () => {
    const body = { error: { code: "X", message: "x".repeat(5_000) } };
    const { client } = await start(() => ({ status: 400, body }));
    const answer = await client.readOrder("alice");
    expect(answer.ok ? "" : answer.problem.message).toBe("x".repeat(300));
  });

  it("tells a service that is down", async () => {
    const { api, client } = await start(() => undefined);
    await api.close();
    expect(await client.readOrder("alice")).toMatchObject({ ok: false, problem: { kind: "unreachable" } });
    expect(await client.createOrder("alice", "no")).toMatchObject({
      ok: false,
      problem: { kind: "unreachable" },
    });
  });

  it("gives up on a service that never answers", async () => {
    const { api } = await start(() => undefined);
    const client = createOrderClient({ baseUrl: api.url, timeoutMillis: 50 });
    expect(await client.readOrder("alice")).toMatchObject({ ok: false, problem: { kind: "timed-out" } });
  });

  it("ends a call that nobody waits for any more", async () => {
    const cancel = new AbortController();
    const { client } = await start(() => {
      cancel.abort();
      return undefined;
    });
    const answer = await client.readOrder("alice", cancel.signal);
    expect(answer).toMatchObject({ ok: false, problem: { kind: "cancelled" } });
  });
});

describe("the configuration", () => {
  it.each([
    [{ compareUrl: "http://localhost:8007" }, { compareUrl: "http://localhost:8007" }],
    [{ compareUrl: "https://traces.example/base//" }, { compareUrl: "https://traces.example/base" }],
    [{}, {}],
    [{ compareUrl: "javascript:alert(1)" }, {}],
    [{ compareUrl: 5 }, {}],
  ])("reads %j", async (body, value) => {
    const { api, client } = await start(() => ({ status: 200, body }));
    expect(await client.readConfig()).toEqual({ ok: true, value });
    expect(api.calls()).toEqual(["GET /config.json"]);
  });

  it("is a problem when the service has none", async () => {
    const { client } = await start(() => ({ status: 404, body: "" }));
    expect(await client.readConfig()).toMatchObject({ ok: false, problem: { kind: "unexpected" } });
  });
});
