import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { openConfiguredSources } from "../src/server/configured-sources.ts";
import { startServer, type RunningServer } from "./server-bench.ts";

const traceId = "e44df9e6204594677f64f376b1f35ddd";
const recorded = new URL("../../../packages/comparison/test/recorded/order-finished/", import.meta.url);
const readRecorded = (file: string): string => readFileSync(new URL(file, recorded), "utf8");

describe("sources named by the environment", () => {
  let server: RunningServer | undefined;
  let jaeger: Server | undefined;
  afterEach(async () => {
    await server?.close();
    jaeger?.close();
    server = jaeger = undefined;
  });

  /** Answers whatever it is asked with the recorded order, and keeps what that was. */
  async function startJaeger(): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = [];
    const started = (jaeger = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(200, { "content-type": "application/json" }).end(readRecorded("jaeger-v3.json"));
    }).listen(0, "127.0.0.1"));
    await once(started, "listening");
    const url = `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
    return { url, asked };
  }

  it("compares what arrived by OTLP with what a Jaeger has, and links to both", async () => {
    const { url, asked } = await startJaeger();
    const pages = "http://localhost:16686";
    const running = (server = await startServer(
      openConfiguredSources({ COMPARE_JAEGER_URL: url, COMPARE_JAEGER_UI_URL: pages }),
    ));
    for (const [path, file] of [
      ["/v1/traces", "otlp-traces.jsonl"],
      ["/v1/logs", "otlp-logs.jsonl"],
    ] as const) {
      for (const body of readRecorded(file).split("\n").filter(Boolean)) {
        const headers = { "content-type": "application/json" };
        await fetch(running.url + path, { method: "POST", headers, body });
      }
    }
    const path = `/api/comparisons/${traceId}/page?left=local:otlp&right=${encodeURIComponent(`jaeger:${url}`)}`;
    const page: unknown = await (await fetch(running.url + path)).json();
    expect(page).toMatchObject({
      verdict: "equal",
      left: { spans: 23, pageUrl: `${pages}/trace/${traceId}` },
      right: { spans: 23, source: { label: "Jaeger" }, pageUrl: `${pages}/trace/${traceId}` },
    });
    expect(asked).toEqual([expect.stringContaining(traceId)]);
  });

  it("compares while the browser loads the page, so that what the page asks for is there", async () => {
    const { url, asked } = await startJaeger();
    server = await startServer(openConfiguredSources({ COMPARE_JAEGER_URL: url }));
    const sides = `left=local:otlp&right=${encodeURIComponent(`jaeger:${url}`)}`;
    await server.ask(`/trace/${traceId}?${sides}`, { method: "HEAD" });
    await server.ask(`/trace/${traceId}?left=nobody`);
    expect(asked).toEqual([]);
    await server.ask(`/trace/${traceId}?${sides}`);
    await expect.poll(() => asked.length).toBe(1);
    const page: unknown = JSON.parse((await server.ask(`/api/comparisons/${traceId}/page?${sides}`)).body);
    expect(page).toMatchObject({ verdict: "one-sided", right: { spans: 23 } });
    expect(asked).toHaveLength(1);
  });

  it("links to Jaeger and to Sentry, in the form that each has today", () => {
    const { sources, pageLinks } = openConfiguredSources({
      COMPARE_JAEGER_URL: "http://user:secret@jaeger.example/jaeger/",
      COMPARE_SENTRY_ORG: "acme",
      SENTRY_AUTH_TOKEN: "sntrys_x",
    });
    expect(sources.map(({ name, label }) => [name, label])).toEqual([
      ["jaeger:http://jaeger.example/jaeger", "Jaeger"],
      ["sentry:acme", "Sentry (acme)"],
    ]);
    expect(pageLinks.jaeger?.(traceId)).toBe(`http://jaeger.example/jaeger/trace/${traceId}`);
    expect(pageLinks.sentry?.(traceId)).toBe(`https://acme.sentry.io/explore/traces/trace/${traceId}/`);
  });

  it("has only links where only the address of Jaeger's pages is given, and nothing without any", () => {
    const { sources, pageLinks } = openConfiguredSources({ COMPARE_JAEGER_UI_URL: "http://localhost:16686" });
    expect([sources, pageLinks.jaeger?.(traceId)]).toEqual([[], `http://localhost:16686/trace/${traceId}`]);
    expect(openConfiguredSources({})).toEqual({ sources: [], pageLinks: {} });
  });

  it.each([
    [{ COMPARE_JAEGER_URL: "user:secret" }, /^COMPARE_JAEGER_URL cannot be used: (?!.*secret)/],
    [{ COMPARE_JAEGER_UI_URL: "ftp://secret" }, /^COMPARE_JAEGER_UI_URL cannot be used: (?!.*secret)/],
    [{ COMPARE_SENTRY_ORG: "acme" }, /^COMPARE_SENTRY_ORG cannot be used: .*SENTRY_AUTH_TOKEN/],
    [{ COMPARE_SENTRY_ORG: "../x", SENTRY_AUTH_TOKEN: "x" }, /^COMPARE_SENTRY_ORG cannot be used: .*slug/],
  ])("refuses %o and says what to do", (env, message) => {
    expect(() => openConfiguredSources(env)).toThrow(message);
  });
});
