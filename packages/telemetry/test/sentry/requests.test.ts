import http from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { context, propagation, trace } from "@opentelemetry/api";
import * as Sentry from "@sentry/node";
import type { SentryEvent } from "@tracebridge/receivers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

/** No instrumentation is at work here: the requests are seen by the bridge alone. */
let started: TestBridge;
const servers: Server[] = [];
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

beforeAll(async () => {
  started = await startTestBridge({ sentry: { sessions: true } });
  propagation.setGlobalPropagator(started.propagator);
});

afterAll(async () => {
  agent.destroy();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  propagation.disable();
  await started.close();
});

beforeEach(() => started.receiver.reset());

async function serve(listener: RequestListener, prepare = (_server: Server) => {}): Promise<string> {
  const server = http.createServer(listener);
  prepare(server);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function getByHttp(url: string, options: http.RequestOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent, ...options }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve(text));
    });
    request.on("error", reject);
  });
}

async function readEvents(): Promise<Map<string, SentryEvent>> {
  await started.bridge.forceFlush(5_000);
  const { events } = started.receiver.sentry;
  return new Map(events.map((event) => [event.exceptions[0]?.value ?? "", event]));
}

test("breadcrumbs tell of outgoing requests: method, address without secrets, status and level, each in the request that made them", async () => {
  const leaf = await serve((request, response) => {
    response.statusCode = Number(/\d{3}/.exec(request.url ?? "")?.[0] ?? 200);
    response.end("leaf");
  });
  const front = await serve((request, response) => {
    const name = request.url?.slice(1) ?? "";
    void (async () => {
      await getByHttp(`${leaf}/http/${name}/404?token=1`);
      await (await fetch(`${leaf}/fetch/${name}/503?token=1#part`, { method: "PUT" })).text();
      await getByHttp("http://127.0.0.1:1/nobody").catch(() => {});
      started.bridge.captureError(new Error(name));
      response.end();
    })();
  });
  const names = Array.from({ length: 10 }, (_, index) => `request-${index}`);
  await Sentry.suppressTracing(() =>
    Promise.all(names.map((name) => fetch(`${front}/${name}`).then((r) => r.text()))),
  );
  const events = await readEvents();
  for (const name of names) {
    const crumbs = events.get(name)?.breadcrumbs.map(({ timestamp: _timestamp, ...crumb }) => crumb);
    const common = { category: "http", type: "http" };
    const method = "http.request.method";
    expect(crumbs).toEqual([
      {
        ...common,
        level: "warning",
        data: { status_code: 404, url: `${leaf}/http/${name}/404`, [method]: "GET" },
      },
      {
        ...common,
        level: "error",
        data: { status_code: 503, url: `${leaf}/fetch/${name}/503`, [method]: "PUT" },
      },
      { ...common, data: { url: "http://127.0.0.1:1/nobody", [method]: "GET" } },
    ]);
  }
  expect(events.size).toBe(names.length);
});

test("the bridge's own requests and suppressed ones leave no breadcrumb", async () => {
  const leaf = await serve((_request, response) => response.end());
  const front = await serve((_request, response) => {
    void (async () => {
      await Sentry.suppressTracing(() => getByHttp(leaf));
      await Sentry.suppressTracing(() => fetch(leaf).then((r) => r.text()));
      await started.bridge.forceFlush(5_000);
      Sentry.captureException(new Error("after a flush"));
      response.end();
    })();
  });
  started.tracer().startSpan("to be flushed").end();
  await Sentry.suppressTracing(() => getByHttp(front));
  expect((await readEvents()).get("after a flush")?.breadcrumbs).toEqual([]);
});

test("beforeBreadcrumb sees the request and may change the address", async () => {
  const leaf = await serve((_request, response) => response.end());
  const client = Sentry.getClient();
  const options = client?.getOptions();
  if (!options) throw new Error("there is no client");
  options.beforeBreadcrumb = (crumb, hint) => {
    if (crumb.data && hint?.["request"] instanceof http.ClientRequest) crumb.data["url"] += "/changed";
    return crumb;
  };
  await Sentry.withIsolationScope(async () => {
    await getByHttp(`${leaf}/path`);
    Sentry.captureException(new Error("hooked"));
  });
  delete options.beforeBreadcrumb;
  expect((await readEvents()).get("hooked")?.breadcrumbs[0]).toMatchObject({
    data: { url: `${leaf}/path/changed` },
  });
});

test("an error of a request that nothing instruments carries the request, its trace and its user, and no other's", async () => {
  const front = await serve((request, response) => {
    const id = String(request.headers["x-user"]);
    Sentry.setUser({ id });
    setImmediate(() => {
      Sentry.captureException(new Error(id));
      expect(trace.getSpanContext(context.active())?.traceId).toBe(readTraceId(Number(id)));
      response.end();
    });
  });
  const ids = Array.from({ length: 20 }, (_, index) => String(index));
  await Promise.all(
    ids.map((id) => {
      const headers = { "x-user": id, "sentry-trace": `${readTraceId(Number(id))}-00f067aa0ba902b7-1` };
      return Sentry.suppressTracing(() => getByHttp(`${front}/path?secret=1`, { headers, agent: false }));
    }),
  );
  const events = await readEvents();
  for (const id of ids) {
    expect(events.get(id)?.traceId).toBe(readTraceId(Number(id)));
    expect(events.get(id)?.raw).toMatchObject({
      user: { id },
      request: { method: "GET", url: `${front}/path` },
      transaction: "GET /path",
    });
  }
  expect(JSON.stringify([...events])).not.toContain("secret");
  expect(Sentry.getIsolationScope().getUser()).toEqual({});
});

function readTraceId(index: number): string {
  return `0af7651916cd43dd8448eb211c8031${String(index + 10)}`;
}

test("errors of requests without a trace are in traces apart, and one after the answer tells its status", async () => {
  const front = await serve((request, response) => {
    response.once("close", () =>
      setImmediate(() => Sentry.captureException(new Error(`after ${request.url}`))),
    );
    response.statusCode = 202;
    response.end();
  });
  await Sentry.suppressTracing(() => Promise.all([getByHttp(`${front}/1`), getByHttp(`${front}/2`)]));
  await started.receiver.waitFor("both errors", ({ sentry }) => sentry.events.length === 2);
  const [first, second] = started.receiver.sentry.events;
  expect(first?.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(first?.traceId).not.toBe(second?.traceId);
  expect([first?.contexts["response"], second?.contexts["response"]]).toEqual([
    { status_code: 202 },
    { status_code: 202 },
  ]);
});

test("a server whose emit was replaced before or is replaced later still isolates its requests, each once", async () => {
  const calls: string[] = [];
  const wrap = (server: Server, name: string): void => {
    const emit = server.emit.bind(server);
    server.emit = (event: string, ...args: unknown[]) => {
      if (event === "request") calls.push(name);
      return emit(event, ...args);
    };
  };
  const front = await serve(
    (request, response) => {
      Sentry.setTag("path", request.url);
      setImmediate(() => {
        Sentry.captureException(new Error(`at ${request.url}`));
        response.end();
      });
    },
    (server) => wrap(server, "before"),
  );
  await getByHttp(`${front}/1`);
  const server = servers.at(-1);
  if (server) wrap(server, "later");
  await Promise.all([fetch(`${front}/2`).then((r) => r.text()), fetch(`${front}/3`).then((r) => r.text())]);
  const events = await readEvents();
  expect(["/1", "/2", "/3"].map((path) => events.get(`at ${path}`)?.tags["path"])).toEqual([
    "/1",
    "/2",
    "/3",
  ]);
  expect(calls).toEqual(["before", "later", "before", "later", "before"]);
});
