import { expect, test } from "vitest";
import { createBrowserBench, PARENT_ID, TRACE_ID, writeMetaTags } from "./bench.ts";
import { readTraceHeaders, startSite } from "./site.ts";

const bench = createBrowserBench();
const ZEROS = "0".repeat(32);

test.each([
  [
    "ids of zeros",
    { traceparent: `00-${ZEROS}-${"0".repeat(16)}-01`, "sentry-trace": `${ZEROS}-${PARENT_ID}-1` },
  ],
  [
    "markup",
    { traceparent: "&lt;script&gt;", "sentry-trace": "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;" },
  ],
  [
    "control characters",
    { traceparent: `00-${TRACE_ID}&#1;-${PARENT_ID}-01`, "sentry-trace": "&#10;&#13;&#0;" },
  ],
  [
    "great length",
    {
      traceparent: `00-${TRACE_ID}-${PARENT_ID}-01${"x".repeat(100_000)}`,
      "sentry-trace": "a".repeat(100_000),
    },
  ],
  ["nothing", { traceparent: "", "sentry-trace": "", baggage: "" }],
])("meta tags with %s begin a new trace", async (_name, meta) => {
  const { errors } = await bench.open({ meta });
  const load = await bench.readOtlpSpan("/");
  expect(load.traceId).not.toBe(TRACE_ID);
  expect(load.traceId).not.toBe(ZEROS);
  expect(load.parentSpanId).toBeUndefined();
  expect(errors).toEqual([]);
});

test("of two tags that contradict each other neither counts", async () => {
  const other = `<meta name="traceparent" content="00-${"a".repeat(32)}-${"b".repeat(16)}-01">`;
  await bench.open({ meta: { traceparent: `00-${TRACE_ID}-${PARENT_ID}-01` }, head: other });
  const load = await bench.readOtlpSpan("/");
  expect([TRACE_ID, "a".repeat(32)]).not.toContain(load.traceId);
});

test("hostile baggage leaves the trace as it is, and only ids are sent on", async () => {
  const hostile =
    "orderId=o-1,evil=%3Cscript%3E,x=%0D%0Ax-injected%3A%201,__proto__=1,userId=%00,broken=%E0%A4%A";
  const meta = { ...writeMetaTags(), baggage: `${writeMetaTags()["baggage"]},${hostile}` };
  const { page, errors } = await bench.open({ meta });
  await page.evaluate(() => fetch("/api/order"));
  const [headers] = bench.calls.map(readTraceHeaders);
  const members = headers?.["baggage"]?.split(",") ?? [];
  expect(members.filter((member) => !member.startsWith("sentry-"))).toEqual(["orderId=o-1"]);
  expect(bench.calls[0]?.headers["x-injected"]).toBeUndefined();
  expect(await bench.readOtlpSpan("/")).toMatchObject({ traceId: TRACE_ID, attributes: { orderId: "o-1" } });
  expect(errors).toEqual([]);
});

test("without the server's element telemetry is off, silently, and all functions can be called", async () => {
  const { page, errors, console } = await bench.open({ config: null, meta: writeMetaTags() });
  const result = await page.evaluate(async () => {
    telemetry.addBreadcrumb({ message: "note" });
    telemetry.setUser({ id: "u-1" });
    telemetry.startNewTrace();
    const answer = await telemetry.withBusinessContext({ orderId: "o-1" }, () =>
      telemetry.withSpan("work", async (_span, inSpan) => {
        await fetch("/api/order");
        return inSpan(() => 42);
      }),
    );
    return { answer, headers: telemetry.readTraceHeaders(), handle: telemetry.getBrowserTelemetry() };
  });
  expect(result).toEqual({ answer: 42, headers: {}, handle: undefined });
  expect(bench.calls.map(readTraceHeaders)).toEqual([{}]);
  expect(errors).toEqual([]);
  expect(console).toEqual([]);
});

test.each([
  ["no JSON", "{", "is no JSON"],
  ["no object", "[]", "must be an object"],
  ["no name", "{}", "serviceName must be given"],
  [
    "an address elsewhere",
    '{"serviceName":"page","otlp":{"url":"https://evil.example/t"}}',
    "otlp.url must be a path",
  ],
  [
    "another host as path",
    '{"serviceName":"page","otlp":{"url":"//evil.example/t"}}',
    "otlp.url must be a path",
  ],
  [
    "a rate that is none",
    '{"serviceName":"page","otlp":{"url":"/t","sampleRate":2}}',
    "otlp.sampleRate must be a number",
  ],
])("a configuration with %s switches telemetry off with one warning", async (_name, config, cause) => {
  const { page, errors, console } = await bench.open({ config });
  expect(await page.evaluate(() => telemetry.getBrowserTelemetry())).toBeUndefined();
  expect(console).toEqual([expect.stringContaining(cause)]);
  expect(console[0]).toMatch(/^warning: \[tracebridge\] .* \(start-failed\)$/);
  expect(errors).toEqual([]);
});

test("a second start changes nothing and is told", async () => {
  const { page, console } = await bench.open();
  await page.evaluate(() => telemetry.startBrowserTelemetry());
  await page.evaluate(() => fetch("/api/once"));
  await bench.readOtlpSpan("GET /api/once");
  expect(bench.receiver.otlp.spans.filter(({ name }) => name === "GET /api/once")).toHaveLength(1);
  expect(console).toEqual([expect.stringContaining("(started-twice)")]);
});

test("fetch answers and fails as it does without telemetry", async () => {
  const { page } = await bench.open();
  const outcomes = await page.evaluate(async () => {
    const describe = async (work: () => Promise<Response>): Promise<string> => {
      try {
        return String((await work()).status);
      } catch (error) {
        return error instanceof Error ? error.name : "thrown";
      }
    };
    const controller = new AbortController();
    controller.abort();
    return [
      await describe(() => fetch("http://[")),
      await describe(() => fetch("/api/status/404")),
      await describe(() => fetch("http://127.0.0.1:1/")),
      await describe(() => fetch("/api/aborted", { signal: controller.signal })),
      await describe(() => fetch("data:text/plain,hello")),
      await describe(() => fetch("/api/get", { method: "not allowed" })),
      await describe(() => fetch(new Request("/api/sent", { method: "PUT", body: "text" }))),
    ];
  });
  expect(outcomes).toEqual(["TypeError", "404", "TypeError", "AbortError", "200", "TypeError", "200"]);
  expect(await bench.readOtlpSpan("GET /api/status/:id")).toMatchObject({
    status: "error",
    attributes: { "error.type": "404" },
  });
  expect(await bench.readOtlpSpan("GET /api/aborted")).toMatchObject({
    attributes: { "error.type": "AbortError" },
  });
  const sent = bench.calls.find(({ path }) => path === "/api/sent");
  expect(sent).toMatchObject({ method: "PUT", body: "text" });
});

test("a page whose relative addresses are another server's sends its spans home", async () => {
  const stranger = await startSite();
  const { page } = await bench.open();
  await page.evaluate(
    ([own, other]) => {
      document.head.append(Object.assign(document.createElement("base"), { href: `${other}/api/` }));
      return fetch(`${own}/api/home`);
    },
    [bench.receiver.url, stranger.url],
  );
  await bench.readOtlpSpan("GET /api/home");
  await stranger.close();
  expect(stranger.calls).toEqual([]);
});

test("public functions bear whatever they are given", async () => {
  const { page, errors } = await bench.open();
  await page.evaluate(() => {
    const any: never = {
      get id() {
        throw new Error("no");
      },
    } as never;
    telemetry.startNewTrace(new Event("click") as never);
    telemetry.setUser(any);
    telemetry.setUser(null as never);
    telemetry.addBreadcrumb(undefined as never);
    telemetry.captureError(any);
    telemetry.withBusinessContext(null as never, () => {});
    telemetry.withBusinessContext({ orderId: "not an id", other: "x" }, () => {});
  });
  await page.evaluate(() => telemetry.withSpan("after all", () => {}));
  await bench.readOtlpSpan("after all");
  expect(errors).toEqual([]);
});

test("a second copy of this package in the page speaks for the telemetry that runs", async () => {
  const { page } = await bench.open({ head: '<script type="module" src="/main.js#copy"></script>' });
  await page.evaluate(() => {
    telemetry.setUser({ id: "u-1" });
    telemetry.startNewTrace("by the second");
  });
  expect(await bench.readOtlpSpan("by the second")).toMatchObject({ attributes: { "user.id": "u-1" } });
});
