import { describe, expect, it } from "vitest";
import { openJaegerSource } from "../../src/sources/jaeger.ts";
import { SourceError } from "../../src/sources/source.ts";
import { answerAsJaeger, failed, finished, readRecorded, startServer, without } from "./jaeger-server.ts";

const unknownId = "00000000000000000000000000000002";
const day = 24 * 60 * 60 * 1000;

describe("a Jaeger as a source", () => {
  it("reads a trace by API v3, as it was sent", async () => {
    await using server = await startServer(answerAsJaeger);
    const trace = await openJaegerSource(server.url).readTrace(finished);
    expect(trace).toMatchObject({ traceId: finished, format: "jaeger-v3" });
    expect(trace?.spans).toHaveLength(23);
    expect(trace?.spans.find(({ spanId }) => spanId === "5568d78fb0002802")).toMatchObject({
      parentSpanId: "769a24e5e471ec4e",
      name: "insert order",
      service: "web",
      kind: "client",
      endTimeUnixNano: "1795276379498050684",
      attributes: { orderId: "alice", "server.port": 37591 },
    });
    expect(server.requests).toEqual([`/api/v3/traces/${finished}?raw_traces=true&rawTraces=true`]);
  });

  it("falls back to API v1 where there is no v3", async () => {
    await using server = await startServer(without("/api/v3", answerAsJaeger));
    const trace = await openJaegerSource(server.url).readTrace(failed);
    expect(trace).toMatchObject({ traceId: failed, format: "jaeger-v1" });
    expect(trace?.spans).toHaveLength(32);
    expect(server.requests.at(-1)).toBe(`/api/traces/${failed}?raw=true`);
  });

  it("falls back to API v1 where a proxy in front says 404 to v3 in its own words", async () => {
    await using server = await startServer((request, response) => {
      if (!request.url?.startsWith("/api/v3")) answerAsJaeger(request, response);
      else response.writeHead(404, { "content-type": "application/json" }).end('{"detail":"Not Found"}');
    });
    expect(await openJaegerSource(server.url).readTrace(finished)).toMatchObject({ format: "jaeger-v1" });
  });

  it("knows nothing of a trace that Jaeger has not, without asking twice", async () => {
    await using server = await startServer(answerAsJaeger);
    expect(await openJaegerSource(server.url).readTrace(unknownId)).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  it("knows nothing of a trace that a Jaeger with API v1 alone has not", async () => {
    await using server = await startServer(without("/api/v3", answerAsJaeger));
    expect(await openJaegerSource(server.url).readTrace(unknownId)).toBeUndefined();
  });

  it("takes a trace id in capitals, and asks for it in small letters", async () => {
    await using server = await startServer(answerAsJaeger);
    expect((await openJaegerSource(server.url).readTrace(finished.toUpperCase()))?.traceId).toBe(finished);
    expect(server.requests[0]).toContain(finished);
  });

  it.each([
    "",
    "1",
    `${finished}0`,
    `${finished.slice(1)}/`,
    "../../secret/of/thirty-two/chars",
    `${finished}\n`,
  ])("asks nothing for %j, which is no trace id", async (id) => {
    await using server = await startServer(answerAsJaeger);
    const source = openJaegerSource(server.url);
    await expect(source.readTrace(id)).rejects.toMatchObject({ code: "TRACE_ID_MALFORMED" });
    expect(server.requests).toEqual([]);
  });

  it("finds Jaeger under a path, and links to its page there", async () => {
    await using server = await startServer((request, response) => {
      request.url = request.url?.replace(/^\/tools\/jaeger/, "");
      answerAsJaeger(request, response);
    });
    const source = openJaegerSource(`${server.url}/tools/jaeger/`);
    expect((await source.readTrace(finished))?.spans).toHaveLength(23);
    expect(server.requests[0]).toMatch(/^\/tools\/jaeger\/api\/v3\//);
    expect(source.pageUrl?.(finished)).toBe(`${server.url}/tools/jaeger/trace/${finished}`);
  });

  it("sends user and password of its address, and names neither", async () => {
    await using server = await startServer((request, response) => {
      const isKnown = request.headers.authorization === `Basic ${btoa("reader:p@ss%")}`;
      if (isKnown) answerAsJaeger(request, response);
      else response.writeHead(401).end();
    });
    const address = (pair: string): string => server.url.replace("//", `//${pair}@`);
    const source = openJaegerSource(address("reader:p%40ss%25"));
    expect((await source.readTrace(finished))?.spans).toHaveLength(23);
    expect(source.name).toBe(`jaeger:${server.url}`);
    expect(source.pageUrl?.(finished)).toBe(`${server.url}/trace/${finished}`);
    const refused = await readFailure(openJaegerSource(address("reader:wrong-word")).readTrace(finished));
    expect(refused.code).toBe("UNAUTHORISED");
    expect(refused.message).toContain(`jaeger:${server.url} refuses with status 401`);
    expect(refused.message).not.toMatch(/reader|wrong-word/);
  });

  it.each([
    "",
    "localhost:16686",
    "ftp://localhost",
    "http://",
    "http://u:secret@h/?q=1",
    "http://h/#secret",
  ])("takes no %j for an address, and does not repeat it", (address) => {
    expect(() => openJaegerSource(address)).toThrow(
      expect.toSatisfy((error: unknown) => error instanceof SourceError && error.code === "SOURCE_UNKNOWN"),
    );
    expect(() => openJaegerSource(address)).not.toThrow(/secret/);
  });
});

describe("a search in Jaeger", () => {
  it("finds the traces of an order in every service, the largest first", async () => {
    await using server = await startServer(searchingV1);
    const ids = await openJaegerSource(server.url).findTraceIds("bob", 10);
    // The order's own trace has 32 spans; the two that asked for its status have three each.
    expect(ids[0]).toBe(failed);
    expect(ids.toSorted()).toEqual(
      [failed, "9a947d37e77e5d9db5e28b908057b1a5", "d8735f3e2dde3e3aaf1608b59ebddc38"].sort(),
    );
    expect(await openJaegerSource(server.url).findTraceIds("bob", 1)).toEqual([failed]);
    const query = new URL(server.requests[1] ?? "", server.url).searchParams;
    expect(JSON.parse(query.get("tags") ?? "")).toEqual({ orderId: "bob" });
    expect(Number(query.get("end")) - Number(query.get("start"))).toBe(7 * day * 1000);
  });

  it("finds by any attribute that is named", async () => {
    await using server = await startServer(searchingV1);
    await openJaegerSource(server.url).findTraceIds('http.route=/a="b"', 10);
    const query = new URL(server.requests[1] ?? "", server.url).searchParams;
    expect(JSON.parse(query.get("tags") ?? "")).toEqual({ "http.route": '/a="b"' });
  });

  it("finds by API v3 in a Jaeger whose v1 has no search any more", async () => {
    await using server = await startServer(searchingV3);
    const ids = await openJaegerSource(server.url).findTraceIds("bob", 10);
    expect(ids.toSorted()).toEqual(["9a947d37e77e5d9db5e28b908057b1a5", "d8735f3e2dde3e3aaf1608b59ebddc38"]);
    const query = new URL(server.requests[2] ?? "", server.url).searchParams;
    expect(query.get("query.attributes")).toBe('{"orderId":"bob"}');
    const range =
      Date.parse(query.get("query.startTimeMax") ?? "") - Date.parse(query.get("query.startTimeMin") ?? "");
    expect(range).toBe(7 * day);
  });

  it("finds a trace by its id", async () => {
    await using server = await startServer(answerAsJaeger);
    const source = openJaegerSource(server.url);
    expect(await source.findTraceIds(` ${finished} `, 10)).toEqual([finished]);
    expect(await source.findTraceIds(unknownId, 10)).toEqual([]);
  });

  it("finds nothing where nothing is", async () => {
    await using server = await startServer((request, response) => {
      const isList = request.url?.startsWith("/api/services") === true;
      const data = isList ? null : [];
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ data }));
    });
    expect(await openJaegerSource(server.url).findTraceIds("nobody", 10)).toEqual([]);
  });

  it("says of what is no Jaeger that it is none", async () => {
    await using server = await startServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<!DOCTYPE html>");
    });
    await expect(openJaegerSource(server.url).findTraceIds("bob", 10)).rejects.toMatchObject({
      code: "ANSWER_NOT_UNDERSTOOD",
    });
  });
});

const searchingV1: Parameters<typeof startServer>[0] = (request, response) => {
  if (!request.url?.startsWith("/api/traces?")) {
    answerAsJaeger(request, response);
    return;
  }
  const service = new URL(request.url, "http://h").searchParams.get("service");
  const file = { web: "jaeger/search-v1.json", factory: "order-failed/jaeger-v1.json" }[service ?? ""];
  response.writeHead(200, { "content-type": "application/json" });
  response.end(
    file === undefined ? '{"data":[],"total":0,"limit":0,"offset":0,"errors":null}' : readRecorded(file),
  );
};

const searchingV3 = without("/api/services", (request, response) => {
  if (!request.url?.startsWith("/api/v3/traces?")) {
    answerAsJaeger(request, response);
    return;
  }
  const service = new URL(request.url, "http://h").searchParams.get("query.serviceName");
  if (service === "web") {
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(readRecorded("jaeger/search-v3.json"));
  } else {
    const nothing = '{"error":{"httpCode":404,"message":"No traces found"}}\n';
    response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end(nothing);
  }
});

async function readFailure(promise: Promise<unknown>): Promise<SourceError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SourceError) return error;
  throw new Error(`expected a SourceError, got ${String(error)}`);
}
