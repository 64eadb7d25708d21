import { gzipSync } from "node:zlib";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { toBoth, toOtlp } from "../fixture-process.ts";
import {
  JSON_TYPE,
  openPageHost,
  SPANS,
  startPageHost,
  TUNNEL,
  writeError,
  writeSpans,
} from "./open-page-host.ts";
import type { PageHost } from "./open-page-host.ts";

const toHost = { env: toOtlp };

function postSpans(host: PageHost, body: string | Uint8Array<ArrayBuffer> = writeSpans()): Promise<Response> {
  return host.post(SPANS, body, JSON_TYPE);
}

describe.each(["express", "fastify", "node"])("in %s", (framework) => {
  test("spans of a page arrive at the back end of the service, with its headers and none of the page's", async () => {
    const host = await openPageHost({
      env: (to) => ({
        ...toOtlp(to),
        OTEL_EXPORTER_OTLP_HEADERS: "x-api-key=of-the-service",
        FIXTURE_FRAMEWORK: framework,
      }),
    });
    const answer = await host.post(SPANS, writeSpans(), {
      headers: {
        "content-type": "application/json; charset=utf-8",
        cookie: "session=secret",
        authorization: "Bearer secret",
        "x-api-key": "of-the-page",
        "x-forwarded-for": "192.0.2.1",
        "user-agent": "browser",
      },
    });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(await host.end()).toBe(0);
    expect(host.receiver.otlp.spans.map(({ service, name }) => [service, name])).toEqual([["page", "click"]]);
    const { headers } = host.receiver.otlp.requests[0] ?? {};
    expect(headers).toMatchObject({ "x-api-key": "of-the-service", "content-type": "application/json" });
    expect(Object.keys(headers ?? {}).toSorted()).toEqual([
      "connection",
      "content-length",
      "content-type",
      "host",
      "x-api-key",
    ]);
    expect(host.warnings).toEqual([]);
  });
});

test("packed spans arrive, and what the back end refuses of them is told to the page", async () => {
  const body = '{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}';
  const host = await openPageHost(toHost);
  expect(
    (
      await host.post(SPANS, gzipSync(writeSpans()), {
        headers: { "content-type": "application/json", "content-encoding": "gzip" },
      })
    ).status,
  ).toBe(200);
  expect(host.receiver.otlp.spans).toHaveLength(1);
  const other = await openPageHost({ ...toHost, receiver: { respond: () => ({ status: 200, body }) } });
  const answer = await postSpans(other);
  expect([answer.status, await answer.text()]).toEqual([200, body]);
});

describe("what is refused, and reaches nobody", () => {
  let host: PageHost;
  beforeAll(async () => {
    host = await startPageHost(toHost);
    return () => host.close();
  });
  beforeEach(() => host.receiver.reset());
  test.each([
    ["protobuf", writeSpans(), 415, "application/x-protobuf"],
    ["a form", writeSpans(), 415, "application/x-www-form-urlencoded"],
    ["plain text, which a page of any origin may send", writeSpans(), 415, "text/plain"],
    ["a type that begins like JSON", writeSpans(), 415, "application/jsonx"],
    ["garbage", "{", 400],
    ["null", "null", 400],
    ["a list", "[]", 400],
    ["a text", '"resourceSpans"', 400],
    ["an empty object", "{}", 400],
    ["log records", '{"resourceLogs":[]}', 400],
    ["depth without end", "[".repeat(500_000), 400],
    ["another service", writeSpans("order"), 403],
    ["no service", '{"resourceSpans":[{}]}', 403],
    ["entries of odd types", '{"resourceSpans":[null,1,"a",[]]}', 403],
    ["a second service beside the page", addService(writeSpans()), 403],
    [
      "depth that ends",
      writeSpans().replace(/"scopeSpans":.*\]/, () => `"scopeSpans":${nest(200_000)}}]`),
      400,
    ],
    ["more than 1 MB", writeSpans("page", "x".repeat(1_048_576)), 413],
  ])("%s", async (_, body, status, type = "application/json") => {
    const answer = await host.post(SPANS, body, { headers: { "content-type": type } });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: expect.stringMatching(/.{5}/) });
    expect((await postSpans(host)).status).toBe(200);
    expect(host.receiver.otlp.spans.map(({ name }) => name)).toEqual(["click"]);
  });
});

function nest(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}

function addService(body: string): string {
  return body.replace(
    '"attributes":[',
    '"attributes":[{"key":"service.name","value":{"stringValue":"order"}},',
  );
}

describe("the back end's answer", () => {
  test.each([
    { upstream: 429, status: 429 },
    { upstream: 503, status: 503 },
    { upstream: 400, status: 400 },
    { upstream: 401, status: 500 },
    { upstream: 404, status: 500 },
  ])("$upstream is $status to the page, with the time to come back", async ({ upstream, status }) => {
    const headers = { "retry-after": "7" };
    const host = await openPageHost({
      ...toHost,
      receiver: { respond: () => ({ status: upstream, headers, body: "no" }) },
    });
    const answer = await postSpans(host);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([status, "7"]);
  });

  test("one that is no JSON is an empty object", async () => {
    const host = await openPageHost({
      ...toHost,
      receiver: { respond: () => ({ status: 202, body: "<p>thanks" }) },
    });
    const answer = await postSpans(host);
    expect([answer.status, await answer.text()]).toEqual([200, "{}"]);
  });

  test("one that does not come within OTEL_EXPORTER_OTLP_TIMEOUT is 504, and told once with its variable", async () => {
    const host = await openPageHost({
      env: (to) => ({ ...toOtlp(to), OTEL_EXPORTER_OTLP_TIMEOUT: "200" }),
      receiver: { respond: () => ({ status: 200, delayMillis: Infinity }) },
    });
    expect([(await postSpans(host)).status, (await postSpans(host)).status]).toEqual([504, 504]);
    await host.end();
    expect(host.warnings.filter((line) => line.endsWith("(browser-host)"))).toEqual([
      expect.stringContaining("OTEL_EXPORTER_OTLP_ENDPOINT"),
    ]);
  });
});

test("a service that speaks grpc has no path for spans, says so once, and serves the rest", async () => {
  const host = await openPageHost({
    env: (to) => ({ ...toBoth(to), OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_TRACES_SAMPLER: "always_off" }),
  });
  const { config } = await host.open();
  expect([config?.otlp, config?.sentry?.tunnel]).toEqual([undefined, TUNNEL]);
  expect((await postSpans(host)).status).toBe(404);
  expect((await host.post(TUNNEL, writeError({ dsn: host.receiver.dsn }))).status).toBe(200);
  await host.end();
  expect(host.warnings.filter((line) => line.endsWith("(browser-host)"))).toEqual([
    expect.stringContaining("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"),
  ]);
});
