import { afterEach, beforeEach, expect, test } from "vitest";
import { createBrowserBench, TRACE_ID, writeMetaTags } from "./bench.ts";
import type { OpenOptions } from "./bench.ts";
import { readTraceHeaders, startSite } from "./site.ts";
import type { Site, SiteCall } from "./site.ts";

const bench = createBrowserBench();
const ALL = ["baggage", "sentry-trace", "traceparent"];
let friend: Site;
let stranger: Site;

beforeEach(async () => {
  friend = await startSite();
  stranger = await startSite();
});
afterEach(async () => {
  await friend.close();
  await stranger.close();
});

const readNames = (calls: readonly SiteCall[]): string[][] =>
  calls.map((call) => Object.keys(readTraceHeaders(call)).sort());

/** Calls the page's own server and both others, once each. */
async function callAll(options: OpenOptions, path = "/api/order"): Promise<Record<string, string[][]>> {
  const { page, errors } = await bench.open({ meta: writeMetaTags(), ...options });
  await page.evaluate(
    (urls) => Promise.all(urls.map((url) => fetch(url))),
    [path, `${friend.url}${path}`, `${stranger.url}${path}`],
  );
  expect(errors).toEqual([]);
  return {
    own: readNames(bench.calls),
    friend: readNames(friend.calls),
    stranger: readNames(stranger.calls),
  };
}

test("without a list only the page's own server gets headers", async () => {
  expect(await callAll({})).toEqual({ own: [ALL], friend: [[]], stranger: [[]] });
});

test.each([
  ["the application's", { startOptions: "{ tracePropagationTargets: [] }" }],
  ["the server's", { config: { propagationTargets: [] } }],
])(
  "nobody gets headers when the list of %s is empty, and the spans are made all the same",
  async (_name, options) => {
    expect(await callAll(options)).toEqual({ own: [[]], friend: [[]], stranger: [[]] });
    expect(await bench.readOtlpSpan("GET /api/order")).toMatchObject({ traceId: TRACE_ID });
  },
);

test("the last of as many as a list may have counts", async () => {
  const others = Array.from({ length: 199 }, (_, index) => `https://${index}.test`);
  const config = { propagationTargets: [...others, friend.url] };
  expect(await callAll({ config })).toEqual({ own: [[]], friend: [ALL], stranger: [[]] });
});

test("texts and regular expressions name several servers", async () => {
  const port = new URL(friend.url).port;
  const texts = `{ tracePropagationTargets: [${JSON.stringify(friend.url)}] }`;
  expect(await callAll({ startOptions: texts })).toEqual({ own: [[]], friend: [ALL], stranger: [[]] });
  for (const site of [bench, friend, stranger]) site.calls.length = 0;
  const expressions = `{ tracePropagationTargets: [/:${port}\\/api\\//, "/api"] }`;
  expect(await callAll({ startOptions: expressions })).toEqual({ own: [ALL], friend: [ALL], stranger: [[]] });
});

test("the server's list has regular expressions as texts", async () => {
  const port = new URL(friend.url).port;
  const config = { propagationTargets: [`/:${port}/`] };
  expect(await callAll({ config })).toEqual({ own: [[]], friend: [ALL], stranger: [[]] });
});

test("a path names the page's own server alone, though others have the same path", async () => {
  const startOptions = '{ tracePropagationTargets: ["/api/order"] }';
  expect(await callAll({ startOptions })).toEqual({ own: [ALL], friend: [[]], stranger: [[]] });
  for (const site of [bench, friend, stranger]) site.calls.length = 0;
  expect(await callAll({ startOptions }, "/api/users")).toEqual({ own: [[]], friend: [[]], stranger: [[]] });
});

test("options and requests that are used again carry no header to others", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  await page.evaluate(async (foreign) => {
    const init = { method: "POST", headers: { "x-own": "1" } };
    await fetch("/api/first", init);
    await fetch(`${foreign}/api/second`, init);
    const request = new Request("/api/third", { headers: { "x-own": "2" } });
    await fetch(request);
    await fetch(new Request(`${foreign}/api/fourth`, request));
  }, stranger.url);
  expect(readNames(bench.calls)).toEqual([ALL, ALL]);
  expect(readNames(stranger.calls)).toEqual([[], []]);
  const own = [...bench.calls, ...stranger.calls].map(({ headers }) => headers["x-own"]);
  expect(own).toEqual(["1", "2", "1", "2"]);
});

test("headers that the application sets itself stay", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  await page.evaluate(() => fetch("/api/own", { headers: { "sentry-trace": "mine", baggage: "a=1" } }));
  const [headers] = bench.calls.map(readTraceHeaders);
  expect(headers?.["sentry-trace"]).toBe("mine");
  expect(headers?.["baggage"]).toMatch(/^a=1,\s?sentry-/);
});

test("a list that is none names nobody, and the page says so once", async () => {
  const { page, console } = await bench.open({
    meta: writeMetaTags(),
    startOptions: '{ tracePropagationTargets: [42, ""] }',
  });
  await page.evaluate(() => fetch("/api/order"));
  expect(readNames(bench.calls)).toEqual([[]]);
  expect(console.filter((line) => line.includes("(propagation-targets)"))).toHaveLength(1);
});
