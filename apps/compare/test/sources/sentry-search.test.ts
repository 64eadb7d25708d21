import type { RequestListener } from "node:http";
import { describe, expect, it } from "vitest";
import { failed, finished, startServer } from "./jaeger-server.ts";
import { answerAsSentry, json, openOrganization as open } from "./sentry-server.ts";

/** Answers pages of one span each; each trace is found as often as its place in the list. */
function answerPages(
  traceIds: readonly string[],
  linkOf: (page: number, url: string) => string,
): RequestListener {
  return (request, response) => {
    const cursor = new URL(request.url ?? "/", "http://localhost").searchParams.get("cursor");
    const page = Number(cursor?.split(":")[1] ?? 0);
    const link = linkOf(page, `http://${request.headers.host}${request.url}`);
    const data = [{ id: "1", trace: traceIds[page % traceIds.length] }];
    response.writeHead(200, { ...json, link }).end(JSON.stringify({ data, meta: {} }));
  };
}

describe("a search in an organization of Sentry", () => {
  it("finds traces by order id, by an attribute that is named, and by their own id", async () => {
    await using server = await startServer(answerAsSentry);
    const source = open(server.url);
    expect(await source.findTraceIds("alice", 5)).toEqual([finished]);
    expect(await source.findTraceIds("requestId=bob", 5)).toEqual([failed]);
    expect(await source.findTraceIds("carol", 5)).toEqual([]);
    expect(await source.findTraceIds(finished, 5)).toEqual([finished]);
    const queries = server.requests.map((request) => new URL(request, server.url).searchParams.get("query"));
    expect(queries).toEqual(['orderId:"alice"', 'requestId:"bob"', 'orderId:"carol"', null]);
  });

  it("searches for a value as it is, not as a pattern or a question of its own", async () => {
    await using server = await startServer(answerAsSentry);
    await open(server.url).findTraceIds('a*" OR \\trace:*', 5);
    const query = new URL(server.requests[0] ?? "", server.url).searchParams.get("query");
    expect(query).toBe(String.raw`orderId:"a\*\" OR \\trace:\*"`);
  });

  it("reads pages up to the last, the trace with most spans first", async () => {
    const next = (page: number): string =>
      `<https://sentry.example/x>; rel="previous"; results="true"; cursor="0:0:1", ` +
      `<https://sentry.example/x>; rel="next"; results="${page < 2}"; cursor="0:${page + 1}:0"`;
    await using server = await startServer(answerPages([finished, failed, failed], next));
    expect(await open(server.url).findTraceIds("x", 5)).toEqual([failed, finished]);
    expect(server.requests.map((request) => new URL(request, server.url).searchParams.get("cursor"))).toEqual(
      [null, "0:1:0", "0:2:0"],
    );
    expect(await open(server.url).findTraceIds("x", 1)).toEqual([failed]);
  });

  it("reads no more than five pages, however many there are", async () => {
    const next = (page: number): string => `<x>; rel="next"; results="true"; cursor="0:${page + 1}:0"`;
    await using server = await startServer(answerPages([finished], next));
    expect(await open(server.url).findTraceIds("x", 5)).toEqual([finished]);
    expect(server.requests).toHaveLength(5);
  });

  it("asks for the next page where it asked for the first, wherever the answer says that it is", async () => {
    await using elsewhere = await startServer(answerAsSentry);
    const links = [
      `<${elsewhere.url}/api/0/organizations/acme/events/?cursor=0:1:0>; rel="next"; results="true"; cursor="0:1:0"`,
      `</api/0/organizations/other/events/>; rel="next"; results="true"; cursor="../../../other/&dataset=errors"`,
      `<${elsewhere.url}>; rel="next"; results="true"`,
    ];
    for (const link of links) {
      await using server = await startServer(answerPages([finished], (page) => (page === 0 ? link : "")));
      await open(server.url).findTraceIds("x", 5);
      const paths = server.requests.map((request) => request.split("?")[0]);
      expect(new Set(paths)).toEqual(new Set(["/api/0/organizations/acme/events/"]));
    }
    expect(elsewhere.requests).toEqual([]);
  });
});
