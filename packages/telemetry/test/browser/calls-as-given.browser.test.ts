import { expect, test } from "vitest";
import { createBrowserBench, TRACE_ID, writeMetaTags } from "./bench.ts";
import { readTraceHeaders } from "./site.ts";

const bench = createBrowserBench();
const ALL = ["baggage", "sentry-trace", "traceparent"];

test("fetch takes options of any kind, and sends them with the headers of the trace", async () => {
  const { page, errors } = await bench.open({ meta: writeMetaTags() });
  await page.evaluate(async () => {
    class Options {
      readonly #method = "PATCH";
      get method() {
        return this.#method;
      }
      readonly body = "of a class";
    }
    await fetch("/api/class", new Options());
    const headers = { "x-own": "1" };
    await fetch("/api/request", new Request("/api/other", { method: "PUT", headers }));
    await fetch(
      "/api/frozen",
      Object.freeze({ method: "POST", body: "frozen", headers: Object.freeze(headers) }),
    );
    await fetch("/api/inherited", Object.create({ method: "DELETE", body: "inherited" }) as RequestInit);
  });
  expect(
    bench.calls.map(({ method, path, body, headers }) => [method, path, body, headers["x-own"]]),
  ).toEqual([
    ["PATCH", "/api/class", "of a class", undefined],
    ["PUT", "/api/request", "", "1"],
    ["POST", "/api/frozen", "frozen", "1"],
    ["DELETE", "/api/inherited", "inherited", undefined],
  ]);
  for (const call of bench.calls) expect(Object.keys(readTraceHeaders(call)).sort()).toEqual(ALL);
  expect(errors).toEqual([]);
});

test("who wrapped fetch before telemetry may copy the options that it is given", async () => {
  const { page } = await bench.open({
    before: `const original = fetch;
globalThis.fetch = (input, init) => original(input, { ...init });`,
  });
  await page.evaluate(() => fetch("/api/order", { method: "POST", body: "order" }));
  expect(bench.calls).toMatchObject([{ method: "POST", body: "order" }]);
});

test("a request that keeps its referrer to itself still does", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  await page.evaluate(async () => {
    await fetch(new Request("/api/secret", { referrerPolicy: "no-referrer" }));
    await fetch(new Request("/api/other", { referrer: "/elsewhere" }));
    await fetch("/api/usual");
  });
  const referrers = bench.calls.map(({ headers }) => headers.referer && new URL(headers.referer).pathname);
  expect(referrers).toEqual([undefined, "/elsewhere", "/"]);
  for (const call of bench.calls) expect(Object.keys(readTraceHeaders(call)).sort()).toEqual(ALL);
});

test("what fetch refuses is refused in its own words, and is a call that has failed", async () => {
  const { page, errors } = await bench.open();
  const refusals = await page.evaluate(async () => {
    const calls = [
      () => fetch("/api/header", { headers: { "bad name": "x" } }),
      () => Reflect.apply(fetch, globalThis, ["/api/text", "no options"]),
      () => Reflect.apply(fetch, globalThis, []),
    ];
    const settled = await Promise.allSettled(calls.map((call) => call()));
    return settled.map((result) => (result.status === "rejected" ? String(result.reason) : "answered"));
  });
  expect(refusals).toEqual([
    expect.stringContaining("Invalid name"),
    expect.stringContaining("RequestInit"),
    expect.stringContaining("1 argument required"),
  ]);
  const failed = { status: "error", attributes: { "error.type": "TypeError" } };
  expect(await bench.readOtlpSpan("GET /api/header")).toMatchObject(failed);
  expect(await bench.readOtlpSpan("GET /api/text")).toMatchObject(failed);
  expect(errors).toEqual([]);
});

test("headers that the application has continued by hand are not sent twice", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  const own = await page.evaluate(async () => {
    const headers = telemetry.readTraceHeaders();
    await fetch("/api/fetch", { headers });
    const request = new XMLHttpRequest();
    request.open("GET", "/api/xhr");
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    await new Promise((resolve) => {
      request.addEventListener("load", resolve);
      request.send();
    });
    return headers;
  });
  expect(Object.keys(own).sort()).toEqual(ALL);
  expect(bench.calls.map(readTraceHeaders)).toEqual([own, own]);
});

test.each([
  ["fetch", 'Object.defineProperty(globalThis, "fetch", { value: fetch, writable: false })', []],
  ["history", "Object.freeze(history)", ALL],
  ["XMLHttpRequest", "Object.freeze(XMLHttpRequest.prototype)", ALL],
])("a page that has frozen %s is told of it, and all else is traced", async (_name, before, sent) => {
  const { page, errors, console } = await bench.open({ meta: writeMetaTags(), before });
  await page.evaluate(() => fetch("/api/frozen"));
  await page.click("#buy");
  expect(await bench.readOtlpSpan("click button#buy")).toMatchObject({ traceId: TRACE_ID });
  expect(bench.calls.map((call) => Object.keys(readTraceHeaders(call)).toSorted())).toEqual([sent]);
  expect(await page.evaluate(() => telemetry.getBrowserTelemetry()?.stats().unaccounted)).toBe(0);
  expect(console).toEqual([expect.stringContaining("could not be traced")]);
  expect(errors).toEqual([]);
});
