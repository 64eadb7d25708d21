import type { RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { defaultLimits, type FetchLimits } from "../../src/sources/fetch-json.ts";
import { openSource } from "../../src/sources/open-source.ts";
import type { TraceSource } from "../../src/sources/source.ts";
import { finished, readRecorded, startServer } from "./jaeger-server.ts";

const mebibyte = 1024 * 1024;
const json = { "content-type": "application/json" };
const token = "sntryu_0123456789abcdef-canary";
const password = "canary-of-a-password";

interface Case {
  name: string;
  /** What its errors call it. */
  called: string;
  open: (url: string, limits?: Partial<FetchLimits>) => TraceSource;
}

const withPassword = (url: string): string => url.replace("//", `//someone:${password}@`);
const cases: readonly Case[] = [
  ...["local:sentry", "local:otlp"].map((name) => ({
    name,
    called: "compare at http://127.0.0.1:",
    open: (url: string, limits?: Partial<FetchLimits>) =>
      openSource(name, { COMPARE_URL: withPassword(url) }, { ...defaultLimits, ...limits }),
  })),
  {
    name: "sentry:acme",
    called: "sentry:acme",
    open: (url, limits) =>
      openSource(
        "sentry:acme",
        { SENTRY_URL: withPassword(url), SENTRY_AUTH_TOKEN: token },
        { ...defaultLimits, ...limits },
      ),
  },
];

describe.each(cases)("$name and a server that is none, or means harm", ({ name, called, open }) => {
  const asked: ((source: TraceSource) => Promise<unknown>)[] = [
    (source) => source.readTrace(finished),
    (source) => source.findTraceIds("alice", 5),
  ];

  /** How each question ends, whose error must name the source and no secret. */
  async function readFailures(listener: RequestListener, limits?: Partial<FetchLimits>): Promise<Failure[]> {
    const failures: Failure[] = [];
    for (const ask of asked) {
      await using server = await startServer(listener);
      const failure: unknown = await ask(open(server.url, limits)).catch((error: unknown) => error);
      if (!(failure instanceof Error && "code" in failure)) throw new Error(`no failure: ${String(failure)}`);
      expect(failure.message).toContain(called);
      for (const secret of [token, password]) {
        expect(`${failure.stack} ${JSON.stringify(failure)} ${String(failure.cause)}`).not.toContain(secret);
      }
      failures.push({ code: String(failure.code), message: failure.message });
    }
    return failures;
  }

  async function expectFailure(
    code: string,
    listener: RequestListener,
    limits?: Partial<FetchLimits>,
  ): Promise<string> {
    const failures = await readFailures(listener, limits);
    expect(failures.map((failure) => failure.code)).toEqual([code, code]);
    return failures.map(({ message }) => message).join("\n");
  }

  it("is not sent elsewhere by a redirect", async () => {
    await using elsewhere = await startServer((_request, response) =>
      response.writeHead(200, json).end("[]"),
    );
    for (const status of [301, 302, 303, 307, 308]) {
      const location = `${elsewhere.url}/api/0/?secret=${password}`;
      const message = await expectFailure("REDIRECTED", (_request, response) =>
        response.writeHead(status, { location }).end(),
      );
      expect(message).toContain(`redirects to ${elsewhere.url} (status ${status})`);
    }
    expect(elsewhere.requests).toEqual([]);
  });

  it("does not read without end", async () => {
    const endless: RequestListener = (_request, response) => {
      response.writeHead(200, json);
      const write = (): void => {
        while (response.write(Buffer.alloc(64 * 1024, " ")));
      };
      response.on("drain", write);
      write();
    };
    expect(await expectFailure("TOO_LARGE", endless, { maxBytes: 2 * mebibyte })).toContain("2 MiB");
  });

  it("does not unpack more than it reads", async () => {
    const bomb = gzipSync(Buffer.alloc(32 * mebibyte, " "));
    const answer: RequestListener = (_request, response) =>
      response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(bomb);
    expect(await expectFailure("TOO_LARGE", answer, { maxBytes: mebibyte })).toContain("1 MiB");
  });

  it("does not wait for ever, neither for headers nor byte by byte", async () => {
    await expectFailure("TIMED_OUT", () => {}, { timeoutMillis: 200 });
    const timers: NodeJS.Timeout[] = [];
    const drip: RequestListener = (_request, response) => {
      response.writeHead(200, json);
      timers.push(setInterval(() => response.write(" "), 10));
    };
    try {
      expect(await expectFailure("TIMED_OUT", drip, { timeoutMillis: 300 })).toContain("within 0.3 s");
    } finally {
      for (const timer of timers) clearInterval(timer);
    }
  });

  it("tells that it may not ask", async () => {
    for (const status of [401, 403]) {
      const message = await expectFailure("UNAUTHORISED", (_request, response) =>
        response.writeHead(status, json).end('{"detail":"Invalid token"}'),
      );
      expect(message).toContain(`status ${status}`);
      expect(message).toMatch(/SENTRY_AUTH_TOKEN|COMPARE_URL/);
    }
  });

  it("asks once when it asks too often, and tells how long to wait", async () => {
    let requests = 0;
    const refuse = (headers: Record<string, string>) =>
      expectFailure("RATE_LIMITED", (_request, response) => {
        requests += 1;
        response.writeHead(429, headers).end("{}");
      });
    expect(await refuse({ "retry-after": "30" })).toContain("Try again in 30 s.");
    const inAMinute = String(Math.ceil(Date.now() / 1000) + 60);
    expect(await refuse({ "x-sentry-rate-limit-reset": inAMinute })).toMatch(/Try again in \d\d s\./);
    expect(await refuse({ "retry-after": new Date(Date.now() + 60_000).toUTCString() })).toMatch(
      /in \d\d s\./,
    );
    expect(await refuse({ "retry-after": "\t99999999999999999999" })).toContain("Try again later.");
    expect(requests).toBe(4 * asked.length);
  });

  it.each([
    ["a login page with status 200", 200, "text/html", "<!doctype html><form>Login</form>"],
    ["JSON that calls itself HTML", 200, "text/html", "[]"],
    ["no content type", 200, "", "[]"],
    ["JSON that is cut short", 200, "application/json", '{"traceId":'],
    ["another object", 200, "application/json", '{"hello":"world"}'],
    ["a text", 200, "application/json", '"hello"'],
    ["nothing", 204, "application/json", ""],
    ["a page that is not there", 404, "text/html", "<h1>Not Found</h1>"],
    ["a failure", 500, "text/html", "<h1>Internal Server Error</h1>"],
    ["a failure of a proxy", 502, "application/json", '{"detail":"\u001B[31mBad\u0007 Gateway"}'],
  ])("does not take %s for an answer", async (_, status, contentType, body) => {
    const message = await expectFailure("ANSWER_NOT_UNDERSTOOD", (_request, response) =>
      response.writeHead(status, contentType === "" ? {} : { "content-type": contentType }).end(body),
    );
    expect(message).not.toMatch(/[^\P{C}\n]/u);
  });

  it("tells that nobody is there, or hangs up", async () => {
    await expectFailure("UNREACHABLE", (request) => request.socket.destroy());
    const server = await startServer(() => {});
    await server[Symbol.asyncDispose]();
    await expect(open(server.url).readTrace(finished)).rejects.toMatchObject({
      code: "UNREACHABLE",
      message: expect.stringContaining("ECONNREFUSED") as string,
    });
  });

  it.each([
    "",
    "1",
    `${finished}0`,
    `${finished.slice(1)}/`,
    "../../../secret/of/thirty-two/ch",
    `${finished}\n`,
    `${finished.slice(1)}?`,
  ])("asks nothing about %j, which is no trace id", async (id) => {
    await using server = await startServer((_request, response) => response.writeHead(200, json).end("[]"));
    const source = open(server.url);
    await expect(source.readTrace(id)).rejects.toMatchObject({ code: "TRACE_ID_MALFORMED" });
    expect(() => source.pageUrl?.(id)).toThrow("32 hexadecimal digits");
    expect(server.requests).toEqual([]);
  });

  it("asks only where it was opened, whatever is searched for", async () => {
    await using server = await startServer((_request, response) =>
      response.writeHead(200, json).end(name.startsWith("local") ? "[]" : '{"data":[]}'),
    );
    const queries = [
      "../../admin",
      "//elsewhere.example/x",
      "a&dataset=errors#x",
      "a\r\nx-injected: 1",
      '" OR trace:*',
      "\0",
    ];
    for (const query of queries) expect(await open(server.url).findTraceIds(query, 5)).toEqual([]);
    const paths = server.requests.map((request) => request.split("?")[0]);
    expect(new Set(paths)).toEqual(
      new Set([name.startsWith("local") ? "/api/traces" : "/api/0/organizations/acme/events/"]),
    );
    expect(server.headers.every((headers) => headers["x-injected"] === undefined)).toBe(true);
  });

  it("does not take another trace for the one that was asked for", async () => {
    const other = "f".repeat(32);
    const view = { traceId: other, format: "sentry", spans: [], errors: [], logs: [] };
    const entries = JSON.parse(readRecorded("order-finished/sentry-api-trace.json").toString()) as {
      additional_attributes: object;
    }[];
    const named = entries.map((entry) => ({ ...entry, additional_attributes: { trace: other } }));
    const body = name.startsWith("local") ? { traceId: other, sentry: view, otlp: view } : named;
    await using server = await startServer((_request, response) =>
      response.writeHead(200, json).end(JSON.stringify(body)),
    );
    await expect(open(server.url).readTrace(finished)).rejects.toMatchObject({
      code: "ANSWER_NOT_UNDERSTOOD",
    });
  });
});

interface Failure {
  code: string;
  message: string;
}
