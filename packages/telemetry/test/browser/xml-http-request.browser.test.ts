import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { createBrowserBench, TRACE_ID, writeMetaTags } from "./bench.ts";
import { readTraceHeaders, startSite } from "./site.ts";

const bench = createBrowserBench();

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMillis?: number;
}

/** Makes a request as libraries make it, and says how it ended. */
function send(page: Page, sent: Sent): Promise<string> {
  return page.evaluate(
    ({ method, url, headers = {}, timeoutMillis = 0 }) =>
      new Promise<string>((resolve) => {
        const request = new XMLHttpRequest();
        request.open(method, url);
        request.timeout = timeoutMillis;
        for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
        for (const type of ["load", "error", "timeout"] as const) {
          request.addEventListener(type, () => resolve(`${type} ${request.status} ${request.responseText}`));
        }
        request.send("body");
      }),
    sent,
  );
}

test("an XMLHttpRequest has a span, and its server is called in its trace", async () => {
  const { page, errors } = await bench.open({ meta: writeMetaTags() });
  expect(await send(page, { method: "POST", url: "/api/order/4711" })).toBe("load 200 {}");
  const call = await bench.readOtlpSpan("POST /api/order/:id");
  expect(call).toMatchObject({ traceId: TRACE_ID, kind: "client" });
  expect(call.attributes["http.response.status_code"]).toBe(200);
  const [received] = bench.calls;
  expect(received).toMatchObject({ method: "POST", body: "body" });
  expect(received && readTraceHeaders(received)["traceparent"]).toBe(`00-${TRACE_ID}-${call.spanId}-01`);
  expect(errors).toEqual([]);
});

test("another server gets no header, and one that the application sets stays as it is", async () => {
  const stranger = await startSite();
  const { page } = await bench.open({ meta: writeMetaTags() });
  await send(page, { method: "GET", url: `${stranger.url}/api/other` });
  await send(page, { method: "GET", url: "/api/own", headers: { "Sentry-Trace": "mine", baggage: "a=1" } });
  await stranger.close();
  expect(stranger.calls.map(readTraceHeaders)).toEqual([{}]);
  const [headers] = bench.calls.map(readTraceHeaders);
  expect(headers?.["sentry-trace"]).toBe("mine");
  expect(headers?.["baggage"]).toMatch(/^a=1, ?sentry-/);
});

test("what has no answer has failed", async () => {
  const { page } = await bench.open();
  expect(await send(page, { method: "GET", url: "/api/slow", timeoutMillis: 200 })).toMatch(/^timeout 0/);
  expect(await send(page, { method: "GET", url: "http://127.0.0.1:1/closed" })).toMatch(/^error 0/);
  expect(await send(page, { method: "GET", url: "/api/status/503" })).toMatch(/^load 503/);
  const types = {
    "GET /api/slow": "TimeoutError",
    "GET /closed": "NetworkError",
    "GET /api/status/:id": "503",
  };
  for (const [name, type] of Object.entries(types)) {
    expect(await bench.readOtlpSpan(name)).toMatchObject({
      status: "error",
      attributes: { "error.type": type },
    });
  }
});

test("a request that is used again is a new call, and after the shutdown it is the browser's own", async () => {
  const { page } = await bench.open({
    meta: writeMetaTags(),
    before: "globalThis.originalSend = XMLHttpRequest.prototype.send",
  });
  await page.evaluate(async () => {
    const request = new XMLHttpRequest();
    for (const url of ["/api/first", "/api/second"]) {
      await new Promise((resolve) => {
        request.open("GET", url);
        request.addEventListener("load", resolve, { once: true });
        request.send();
      });
    }
  });
  const first = await bench.readOtlpSpan("GET /api/first");
  const second = await bench.readOtlpSpan("GET /api/second");
  const parents = bench.calls.map((call) => readTraceHeaders(call)["traceparent"]);
  expect(parents).toEqual([first, second].map(({ spanId }) => `00-${TRACE_ID}-${spanId}-01`));
  await page.evaluate(() => telemetry.getBrowserTelemetry()?.shutdown());
  expect(await page.evaluate("XMLHttpRequest.prototype.send === originalSend")).toBe(true);
});

test("a request that ends without an event, or is refused, is one call", async () => {
  const { page, errors, console } = await bench.open();
  const refusals = await page.evaluate(async () => {
    const send = (request: XMLHttpRequest): string => {
      try {
        request.send();
        return "sent";
      } catch (error) {
        return error instanceof DOMException ? error.name : "thrown";
      }
    };
    const waiting = new XMLHttpRequest();
    waiting.open("GET", "http://127.0.0.1:1/waited-for", false);
    const reused = new XMLHttpRequest();
    reused.open("GET", "/api/slow");
    const results = [send(waiting), send(reused), send(reused)];
    reused.open("GET", "/api/next");
    await new Promise((resolve) => {
      reused.addEventListener("loadend", resolve);
      reused.send();
    });
    return results;
  });
  expect(refusals).toEqual(["NetworkError", "sent", "InvalidStateError"]);
  expect((await bench.readOtlpSpan("GET /waited-for")).attributes["error.type"]).toBe("NetworkError");
  expect((await bench.readOtlpSpan("GET /api/slow")).attributes["error.type"]).toBe("AbortError");
  expect((await bench.readOtlpSpan("GET /api/next")).attributes["http.response.status_code"]).toBe(200);
  expect(bench.receiver.otlp.spans.filter(({ name }) => name === "GET /api/slow")).toHaveLength(1);
  expect(errors).toEqual([]);
  expect(console.filter((line) => line.includes("[tracebridge]"))).toEqual([]);
});
