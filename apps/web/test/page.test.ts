import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTracedWeb, type TracedWeb } from "./support/traced-web.ts";

const source = new URL("../../page/index.html", import.meta.url);

let web: TracedWeb;
let url: string;
let pageDir: string;

beforeAll(async () => {
  pageDir = await mkdtemp(join(tmpdir(), "page-"));
  await writeFile(join(pageDir, "index.html"), await readFile(source));
  web = await startTracedWeb({ PAGE_DIR: pageDir });
  url = await web.process.url();
});

afterAll(async () => {
  await web.close();
  await rm(pageDir, { recursive: true, force: true });
});

const readMeta = (html: string, name: string): string | undefined =>
  new RegExp(`<meta name="${name}" content="([^"]*)">`).exec(html)?.[1];

test("each page has the trace of the request that it came with, and what telemetry in it is to do", async () => {
  const pages: string[] = [];
  for (const path of ["/", "/reset-password"]) pages.push(await (await fetch(url + path)).text());
  const traces = pages.map((html) => readMeta(html, "traceparent")?.split("-") ?? []);
  await web.receiver.waitFor("the requests for the pages", ({ otlp }) =>
    traces.every(([, traceId]) =>
      otlp.spans.some((span) => span.traceId === traceId && span.kind === "server"),
    ),
  );
  const spans = web.receiver.otlp.spans.filter(({ kind }) => kind === "server");
  for (const [index, [, traceId = "", spanId = "", flags = ""]] of traces.entries()) {
    expect(spans.find((span) => span.traceId === traceId)?.name).toBe(
      ["GET /", "GET /reset-password"][index],
    );
    expect(flags).toBe("01");
    expect(readMeta(pages[index] ?? "", "sentry-trace")).toBe(`${traceId}-${spanId}-1`);
    expect(readMeta(pages[index] ?? "", "baggage")).toContain(`sentry-trace_id=${traceId}`);
  }
  expect(new Set(traces.map(([, traceId]) => traceId)).size).toBe(2);
  for (const html of pages) {
    expect(html).toContain('<script type="application/json" id="tracebridge">{"serviceName":"page"');
    expect(html).not.toContain("<!--tracebridge-->");
  }
});

test("a page is not kept by any cache, and its policy allows no script but its own files", async () => {
  const answer = await fetch(url);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const policy = answer.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toContain("unsafe");
  // The one script element with text is data.
  expect(await answer.text()).not.toMatch(/<script(?![^>]*(?:src=|application\/json))/);
});

test("what a page sends arrives, without a span or a request id of its own", async () => {
  const sendTo = (path: string, body: string): Promise<Response> =>
    fetch(url + path, { method: "POST", body, headers: { "content-type": "application/json" } });
  const event = { event_id: "f".repeat(32), message: "of the page" };
  const envelope = [{ dsn: web.receiver.dsn }, { type: "event" }, event].map((part) => JSON.stringify(part));
  const answers = [await sendTo("/tb/e", envelope.join("\n")), await sendTo("/tb/t", '{"resourceSpans":[]}')];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(answers.map(({ headers }) => headers.has("x-request-id"))).toEqual([false, false]);
  expect(web.receiver.sentry.events).toMatchObject([{ message: "of the page" }]);
  // A request after those, whose span has come when theirs would have.
  const last = await web.post("/nothing", {});
  await web.receiver.waitFor("the last request", ({ otlp }) =>
    otlp.spans.some(({ traceId }) => traceId === last.traceId),
  );
  expect(
    web.receiver.otlp.spans.filter(({ attributes }) => String(attributes["url.path"]).startsWith("/tb")),
  ).toEqual([]);
});
