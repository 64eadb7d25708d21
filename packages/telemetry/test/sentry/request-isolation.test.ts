import { EventEmitter, once } from "node:events";
import http, { IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ROOT_CONTEXT, context, propagation, trace } from "@opentelemetry/api";
import * as Sentry from "@sentry/node";
import type { SentryEvent } from "@tracebridge/receivers";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

type Handler = (request: IncomingMessage, response: ServerResponse, server: Server) => unknown;

let started: TestBridge;
const servers: Server[] = [];

beforeAll(async () => {
  started = await startTestBridge();
});

afterAll(() => started.close());

beforeEach(() => started.receiver.reset());

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function serve(answer: Handler): Promise<{ server: Server; url: string }> {
  const server = http.createServer((request, response) => {
    void Promise.resolve(answer(request, response, server)).finally(() => response.end());
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function ask(url: string, headers: Record<string, string> = {}): Promise<string> {
  return Sentry.suppressTracing(async () => (await fetch(url, { headers })).text());
}

async function readEvents(): Promise<Map<string, SentryEvent>> {
  await started.bridge.forceFlush(5_000);
  const { events } = started.receiver.sentry;
  return new Map(events.map((event) => [event.exceptions[0]?.value ?? "", event]));
}

function fail(name: string): void {
  Sentry.captureException(new Error(name));
}

test("a request that is served inside another has nothing of that one's address", async () => {
  const seen: unknown[] = [];
  const { url } = await serve(({ url: path = "" }, _response, server) => {
    if (!path.startsWith("/batch")) {
      Sentry.getCurrentScope().addEventProcessor((event) => {
        const { normalizedRequest, ipAddress } = event.sdkProcessingMetadata ?? {};
        seen.push(normalizedRequest?.url, normalizedRequest?.query_string, ipAddress);
        return event;
      });
      fail("inner");
      return;
    }
    const inner = Object.assign(new IncomingMessage(undefined as never), { method: "GET", url: "/orders" });
    server.emit("request", inner, new ServerResponse(inner));
    fail("outer");
  });
  await ask(`${url}/batch?page=2`);
  const events = await readEvents();
  expect(events.get("outer")?.raw["request"]).toMatchObject({ url: `${url}/batch` });
  expect(events.get("inner")?.raw).toMatchObject({ transaction: "GET /orders", request: { method: "GET" } });
  expect(events.get("inner")?.raw["request"]).not.toHaveProperty("url");
  expect(seen).toEqual([undefined, undefined, undefined]);
});

test("an event processor that takes a header away leaves the request's own headers alone", async () => {
  let served: IncomingMessage | undefined;
  const { url } = await serve((request) => {
    Sentry.getCurrentScope().addEventProcessor((event) => {
      delete event.sdkProcessingMetadata?.normalizedRequest?.headers?.["x-order"];
      return event;
    });
    fail("without the header");
    served = request;
  });
  await ask(url, { "x-order": "42" });
  const event = (await readEvents()).get("without the header");
  expect(JSON.stringify(event?.raw["request"])).not.toContain("x-order");
  expect(served?.headers["x-order"]).toBe("42");
});

test("a breadcrumb that waits holds neither its request nor the answer", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const { url: leaf } = await serve(() => {});
  const held: WeakRef<object>[] = [];
  const call = async (): Promise<void> => {
    const request = http.get(`${leaf}/called`, { agent: false });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    held.push(new WeakRef(request), new WeakRef(response));
    const closed = once(request, "close");
    response.resume();
    await closed;
  };
  const { url } = await serve(async () => {
    await call();
    await expect
      .poll(() => {
        collect();
        return held.map((reference) => reference.deref() !== undefined);
      })
      .toEqual([false, false]);
    fail("after the call");
  });
  await ask(url);
  const event = (await readEvents()).get("after the call");
  expect(event?.breadcrumbs.map(({ data }) => (data as { url?: string }).url)).toEqual([`${leaf}/called`]);
});

test("breadcrumbs are kept when code with a scope of no client asks for them", async () => {
  const { url: leaf } = await serve(() => {});
  const { url } = await serve(async () => {
    await (await fetch(`${leaf}/early`)).text();
    Sentry.withScope(new Sentry.Scope(), () => Sentry.getIsolationScope().setTag("seen", "yes"));
    fail("with a breadcrumb");
  });
  await ask(url);
  const event = (await readEvents()).get("with a breadcrumb");
  expect(event?.tags["seen"]).toBe("yes");
  expect(event?.breadcrumbs.map(({ data }) => (data as { url?: string }).url)).toEqual([`${leaf}/early`]);
});

test("a propagator that throws is not heard of by those who ask for the active span", async () => {
  const outcome: unknown[] = [];
  const { url } = await serve(() => {
    for (const _ of [1, 2]) {
      try {
        outcome.push(trace.getActiveSpan());
      } catch (error) {
        outcome.push(error);
      }
    }
  });
  propagation.setGlobalPropagator({
    inject: () => {},
    extract: () => {
      throw new Error("a bad header");
    },
    fields: () => ["x-trace"],
  });
  try {
    await ask(url);
  } finally {
    propagation.disable();
  }
  expect(outcome).toEqual([undefined, undefined]);
});

test("a request keeps its isolation after somebody has put the server's `emit` back", async () => {
  const { server, url } = await serve(({ url: path = "" }) => {
    Sentry.setTag("path", path);
    fail(path);
  });
  const original: unknown = Reflect.get(server, "emit");
  await ask(`${url}/first`);
  Reflect.set(server, "emit", original);
  await ask(`${url}/second`);
  Reflect.deleteProperty(server, "emit");
  await ask(`${url}/third`);
  fail("outside");
  const events = await readEvents();
  const found = [...events].map(([name, { raw, tags }]) => [name, [raw["transaction"], tags["path"]]]);
  expect(Object.fromEntries(found)).toEqual({
    "/first": ["GET /first", "/first"],
    "/second": ["GET /second", "/second"],
    "/third": ["GET /third", "/third"],
    outside: [undefined, undefined],
  });
});

test("a server's `emit` is called on whoever it was borrowed for", async () => {
  const { server, url } = await serve(() => {});
  await ask(url);
  const other = new EventEmitter();
  const heard: unknown[] = [];
  other.on("request", function (this: unknown) {
    heard.push(this);
  });
  const emit = Reflect.get(server, "emit") as (...args: unknown[]) => boolean;
  const request = new IncomingMessage(undefined as never);
  Reflect.apply(emit, other, ["request", request, new ServerResponse(request)]);
  expect(heard).toEqual([other]);
});

test("who listened to an emitter before it was bound goes on in the context of whoever emits", async () => {
  const emitter = new EventEmitter();
  const seen: unknown[] = [];
  const note = (name: string) => () => seen.push([name, Sentry.getIsolationScope().getUser()?.id]);
  const both = note("both");
  emitter.on("job", note("before")).on("other", both);
  const emit = (user: string, event: string) =>
    Sentry.withIsolationScope((scope) => {
      scope.setUser({ id: user });
      emitter.emit(event);
    });
  Sentry.withIsolationScope((scope) => {
    scope.setUser({ id: "alice" });
    context.bind(context.active(), emitter);
  });
  emitter.on("job", note("after")).on("job", both);
  emit("bob", "job");
  emitter.off("other", both);
  emit("bob", "other");
  expect(seen).toEqual([
    ["before", "bob"],
    ["after", "alice"],
    ["both", "alice"],
  ]);
});

test("all listeners of a bound request run in its context, and it shows no method of ours", () => {
  const request = new IncomingMessage(undefined as never);
  const seen: unknown[] = [];
  const note = () => seen.push(Sentry.getIsolationScope().getUser()?.id);
  request.on("aborted", note);
  Sentry.withIsolationScope((scope) => {
    scope.setUser({ id: "alice" });
    context.bind(context.active(), request);
  });
  request.on("aborted", note);
  request.emit("aborted");
  expect(seen).toEqual(["alice", "alice"]);
  expect(Object.keys(request)).not.toContain("emit");
});

test("a function that is run in a context without a `this` has none", () => {
  const readThis = function (this: unknown): unknown {
    return this;
  };
  expect(context.with(ROOT_CONTEXT, readThis)).toBe(undefined);
});

test("a listener of Sentry's sees the sampling context of a segment each time it is made", () => {
  let calls = 0;
  const headers = (): string | undefined => Sentry.getTraceData().baggage;
  started.tracer().startActiveSpan("segment", (span) => {
    expect(headers()).not.toContain("sentry-calls");
    const stop = Sentry.getClient()?.on("createDsc", (dsc) => {
      calls += 1;
      Object.assign(dsc, { calls: String(calls) });
    });
    expect(headers()).toContain("sentry-calls=1");
    expect(headers()).toContain("sentry-calls=2");
    stop?.();
    expect(headers()).not.toContain("sentry-calls");
    span.end();
  });
});

test("an event processor that changes the sampling context of a recorded error changes no other's", async () => {
  Sentry.getClient()?.addEventProcessor((event) => {
    const dsc = event.sdkProcessingMetadata?.dynamicSamplingContext;
    if (dsc && event.exception?.values?.[0]?.value === "recorded") dsc.environment = "changed";
    return event;
  });
  const span = started.tracer().startSpan("segment");
  const active = trace.setSpan(context.active(), span);
  const error = new Error("recorded");
  const child = started.tracer().startSpan("child", {}, active);
  child.recordException(error);
  child.end();
  started.bridge.captureError(error);
  expect((await readEvents()).has("recorded")).toBe(true);
  expect(context.with(active, () => Sentry.getTraceData().baggage)).toContain("sentry-environment=test");
  span.end();
});
