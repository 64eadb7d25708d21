import { request as startRequest } from "node:http";
import { once } from "node:events";
import { gzipSync } from "node:zlib";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { toBoth } from "../fixture-process.ts";
import { openPageHost, startPageHost, TUNNEL, writeError } from "./open-page-host.ts";
import type { PageHost } from "./open-page-host.ts";

const MEGABYTE = 1_048_576;

function postError(host: PageHost, init?: RequestInit, message?: string): Promise<Response> {
  return host.post(TUNNEL, writeError({ dsn: host.receiver.dsn }, message), init);
}

/** Sends nothing itself. */
function startSilentHost(asked: string[]): Promise<PageHost> {
  return startPageHost({
    env: (to) => ({ SENTRY_DSN: to.dsn, SENTRY_TRACES_SAMPLE_RATE: "0" }),
    receiver: { respond: ({ path }) => void asked.push(path) },
  });
}

describe.each(["express", "fastify", "node", "mounted"])("in %s", (framework) => {
  test("an envelope goes on to Sentry word for word, none of its sender's headers with it, and makes no span", async () => {
    const bodies: string[] = [];
    const host = await openPageHost({
      env: (to) => ({ ...toBoth(to), SENTRY_RELEASE: "web@1", FIXTURE_FRAMEWORK: framework }),
      receiver: { onEnvelope: (_envelope, _request, body) => void bodies.push(Buffer.from(body).toString()) },
    });
    const answer = await postError(host, {
      headers: {
        cookie: "session=secret",
        authorization: "Bearer secret",
        "x-forwarded-for": "192.0.2.1",
        "x-sentry-auth": "Sentry sentry_key=other",
        "user-agent": "browser",
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "sec-fetch-site": "same-origin",
      },
    });
    expect([answer.status, answer.headers.get("cache-control"), await answer.text()]).toEqual([
      200,
      "no-store",
      expect.stringMatching(/^\{/),
    ]);
    expect(await host.end()).toBe(0);
    expect(host.receiver.sentry.events.map(({ exceptions }) => exceptions)).toEqual([
      [{ type: "Error", value: "it broke" }],
    ]);
    expect(bodies).toEqual([writeError({ dsn: host.receiver.dsn })]);
    expect(Object.keys(host.receiver.sentry.envelopes[0]?.requestHeaders ?? {}).toSorted()).toEqual([
      "connection",
      "content-length",
      "content-type",
      "host",
    ]);
    expect([host.receiver.otlp.spans, host.receiver.sentry.spans]).toEqual([[], []]);
    // Nor is it a request by which the health of the release is counted.
    expect(host.receiver.sentry.envelopes.flatMap(({ itemTypes }) => itemTypes)).toEqual(["event"]);
    expect(host.warnings).toEqual([]);
  });
});

test("a packed envelope goes on packed", async () => {
  const host = await openPageHost();
  const body = gzipSync(writeError({ dsn: host.receiver.dsn }));
  const answer = await host.post(TUNNEL, body, { headers: { "content-encoding": "gzip" } });
  expect(answer.status).toBe(200);
  expect(host.receiver.sentry.envelopes[0]?.requestHeaders).toMatchObject({
    "content-encoding": "gzip",
    "content-length": String(body.length),
  });
});

describe("what is refused, and reaches nobody", () => {
  const cases: Record<
    string,
    (dsn: string) => [string | Uint8Array<ArrayBuffer>, number, Record<string, string>?]
  > = {
    "another key": (dsn) => [writeError({ dsn: dsn.replace("public", "other") }), 403],
    "another project": (dsn) => [writeError({ dsn: dsn.replace(/1$/, "2") }), 403],
    "another host": () => [writeError({ dsn: "https://public@evil.test/1" }), 403],
    "a host that begins like ours": (dsn) => [writeError({ dsn: dsn.replace("/1", ".evil.test/1") }), 403],
    "our host as credentials": (dsn) => [writeError({ dsn: dsn.replace("/1", "@evil.test/1") }), 403],
    "our DSN with a space": (dsn) => [writeError({ dsn: ` ${dsn}` }), 403],
    "a list that holds our DSN": (dsn) => [writeError({ dsn: [dsn] }), 400],
    "no DSN": () => [writeError({}), 400],
    "our DSN in the second line only": (dsn) => [`{}\n${JSON.stringify({ dsn })}\n{}`, 400],
    "no body": () => ["", 400],
    null: () => ["null", 400],
    "a list": (dsn) => [JSON.stringify([{ dsn }]), 400],
    text: () => ["<html>", 400],
    noise: () => [Uint8Array.from({ length: 500 }, (_, index) => (index * 89) % 256), 400],
    "a header without end": (dsn) => [JSON.stringify({ dsn, pad: "x".repeat(20_000) }), 400],
    "what is not gzip": (dsn) => [writeError({ dsn }), 400, { "content-encoding": "gzip" }],
    "an unknown encoding": (dsn) => [writeError({ dsn }), 415, { "content-encoding": "br" }],
    "a page of another origin": (dsn) => [writeError({ dsn }), 403, { "sec-fetch-site": "cross-site" }],
    "a page of a sister domain": (dsn) => [writeError({ dsn }), 403, { "sec-fetch-site": "same-site" }],
    "a body of more than 1 MB": (dsn) => [writeError({ dsn }, "x".repeat(MEGABYTE)), 413],
    "a small body that unpacks to 10 MB": (dsn) => [
      gzipSync(writeError({ dsn }, "x".repeat(10 * MEGABYTE))),
      413,
      { "content-encoding": "gzip" },
    ],
  };
  const asked: string[] = [];
  let host: PageHost;
  beforeAll(async () => {
    host = await startSilentHost(asked);
    return () => host.close();
  });
  beforeEach(() => void asked.splice(0));
  test.each(Object.entries(cases))("%s", async (_, create) => {
    const [body, status, headers = {}] = create(host.receiver.dsn);
    const answer = await host.post(TUNNEL, body, { headers });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: expect.stringMatching(/.{5}/) });
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    expect((await postError(host)).status).toBe(200);
    expect(asked).toEqual(["/api/1/envelope/"]);
  });
});

test("a body of 10 MB is refused before it has been sent, whether its length is told or not", async () => {
  const host = await openPageHost();
  const told = startRequest(host.url + TUNNEL, {
    method: "POST",
    headers: { "content-length": String(10 * MEGABYTE) },
  });
  told.on("error", () => {});
  told.write("{");
  const [toldAnswer] = (await once(told, "response")) as [{ statusCode: number }];
  expect(toldAnswer.statusCode).toBe(413);
  told.destroy();
  const streamed = startRequest(host.url + TUNNEL, { method: "POST" });
  streamed.on("error", () => {});
  const answered = once(streamed, "response") as Promise<[{ statusCode: number }]>;
  // One byte more than is taken; the end never comes.
  streamed.write(Buffer.alloc(MEGABYTE + 1));
  expect((await answered)[0].statusCode).toBe(413);
  streamed.destroy();
});

describe("paths", () => {
  const asked: string[] = [];
  let host: PageHost;
  beforeAll(async () => {
    host = await startSilentHost(asked);
    return () => host.close();
  });
  beforeEach(() => void asked.splice(0));
  test.each([
    "/tb/e/",
    "/tb//e",
    "//tb/e",
    "/tb/%65",
    "/TB/E",
    "/tb/e/../e",
    "/tb/x/../e",
    "/tb/e;x",
    "/tb/e%2f",
    "/tb/e/api/2/envelope/",
    "/tb",
    "/x/tb/e",
  ])("%s is not the tunnel", async (path) => {
    expect(await postRaw(host, path)).toBe(404);
    expect(asked).toEqual([]);
  });

  test("neither a query nor an absolute address chooses where an envelope goes", async () => {
    expect(await postRaw(host, "/tb/e?dsn=https://public@evil.test/2&o=1")).toBe(200);
    expect(await postRaw(host, "http://evil.test/tb/e")).toBe(404);
    expect(asked).toEqual(["/api/1/envelope/"]);
  });

  test.each(["GET", "PUT", "DELETE", "OPTIONS", "HEAD"])(
    "%s is 405, and says what is allowed",
    async (method) => {
      const answer = await fetch(host.url + TUNNEL, { method });
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    },
  );
});

/** With the path as it is. */
async function postRaw(host: PageHost, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(host.url);
  const request = startRequest({ hostname, port, path, method: "POST" });
  request.end(writeError({ dsn: host.receiver.dsn }));
  const [answer] = (await once(request, "response")) as [{ statusCode?: number; resume(): void }];
  answer.resume();
  return answer.statusCode;
}
