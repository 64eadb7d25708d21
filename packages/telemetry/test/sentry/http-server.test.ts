import http from "node:http";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { context, propagation, trace } from "@opentelemetry/api";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import * as Sentry from "@sentry/node";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

let started: TestBridge;
let server: Server;
let url: string;
/** The receiver lives in this process too. */
const isForReceiver = ({ url }: { url?: string | undefined }) => url?.startsWith("/api/") ?? false;
const instrumentations = [
  new HttpInstrumentation({ ignoreIncomingRequestHook: isForReceiver }),
  new UndiciInstrumentation(),
];

beforeAll(async () => {
  started = await startTestBridge();
  propagation.setGlobalPropagator(started.propagator);
  const provider = { getTracer: (name: string) => started.tracer(name) };
  trace.setGlobalTracerProvider(provider);
  for (const instrumentation of instrumentations) instrumentation.setTracerProvider(provider);
  // The instrumentation patches the module as `require` returns it, which shows in the default export.
  createRequire(import.meta.url)("node:http");
  server = http.createServer((request, response) => {
    const user = request.headers["x-user"];
    if (typeof user === "string") Sentry.setUser({ id: user });
    void wait(5).then(() => {
      if (request.url?.startsWith("/fail"))
        started.bridge.captureError(new Error(`failed for ${String(user)}`));
      response.end("ok");
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  for (const instrumentation of instrumentations) instrumentation.disable();
  trace.disable();
  propagation.disable();
  server.close();
  server.closeAllConnections();
  await started.close();
});

beforeEach(() => started.receiver.reset());

async function get(path: string, headers: Record<string, string> = {}): Promise<void> {
  await (await fetch(`${url}${path}`, { headers })).text();
}

test("requests over real sockets keep their users apart and form one trace with their callers", async () => {
  const root = started.tracer().startSpan("caller");
  await context.with(trace.setSpan(context.active(), root), () =>
    Promise.all(
      Array.from({ length: 50 }, (_, index) => get("/fail?secret=1", { "x-user": `user-${index}` })),
    ),
  );
  root.end();
  await started.bridge.forceFlush(5_000);
  const { spans, events } = started.receiver.sentry;
  const servers = spans.filter(({ attributes }) => attributes["sentry.kind"] === "server");
  const clients = spans.filter(({ attributes }) => attributes["sentry.kind"] === "client");
  expect([servers.length, clients.length]).toEqual([50, 50]);
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([root.spanContext().traceId]));
  expect(new Set(servers.map(({ parentSpanId }) => parentSpanId))).toEqual(
    new Set(clients.map(({ spanId }) => spanId)),
  );
  expect(new Set(servers.map(({ attributes }) => attributes["user.id"])).size).toBe(50);
  for (const { exceptions, raw, spanId } of events) {
    const user = exceptions[0]?.value.replace("failed for ", "");
    expect(raw["user"]).toEqual({ id: user });
    expect(servers.find((span) => span.spanId === spanId)?.attributes["user.id"]).toBe(user);
    expect(raw["request"]).toMatchObject({ method: "GET", url: `${url}/fail` });
    expect(JSON.stringify(raw)).not.toContain("secret");
  }
  expect(events).toHaveLength(50);
});

test("Sentry's own requests make no spans, and its tracing stays off", async () => {
  await get("/quiet");
  await started.bridge.forceFlush(5_000);
  await started.bridge.forceFlush(5_000);
  const { spans } = started.receiver.sentry;
  expect(spans.map(({ op }) => op).toSorted((a = "", b = "") => a.localeCompare(b))).toEqual([
    "http.client",
    "http.server",
  ]);
  expect(spans.every(({ attributes }) => !JSON.stringify(attributes).includes("envelope"))).toBe(true);
});
