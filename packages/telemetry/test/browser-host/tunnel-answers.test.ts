import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { toBoth } from "../fixture-process.ts";
import { openPageHost, TUNNEL, writeEnvelope, writeError } from "./open-page-host.ts";
import type { PageHost, PageHostOptions } from "./open-page-host.ts";

const withHost = (options: object): PageHostOptions => ({
  env: (to) => ({ ...toBoth(to), FIXTURE_HOST: JSON.stringify(options) }),
});

function postError(host: PageHost, init?: RequestInit, message?: string): Promise<Response> {
  return host.post(TUNNEL, writeError({ dsn: host.receiver.dsn }, message), init);
}

describe("too many requests", () => {
  const from = (address: string): RequestInit => ({ headers: { "x-forwarded-for": address } });

  test("a client beyond its limit is told when to come back, and the others are served", async () => {
    const host = await openPageHost(withHost({ requestsPerMinute: { perClient: 2 } }));
    const statuses: number[] = [];
    for (const address of ["192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2"]) {
      statuses.push((await postError(host, from(address))).status);
    }
    expect(statuses).toEqual([200, 200, 429, 200]);
    const refused = await postError(host, from("192.0.2.1"));
    const seconds = Number(refused.headers.get("retry-after"));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(host.receiver.sentry.events).toHaveLength(3);
  });

  test("the addresses of one IPv6 network are one client", async () => {
    const host = await openPageHost(withHost({ requestsPerMinute: { perClient: 1 } }));
    const addresses = ["2001:db8:0:7::1", "2001:db8:0:7:8:9:a:b", "2001:db8::7:1:1:1:1", "2001:db8:0:8::1"];
    const statuses: number[] = [];
    for (const address of addresses) statuses.push((await postError(host, from(address))).status);
    expect(statuses).toEqual([200, 429, 429, 200]);
  });

  test("what a proxy passes on in the place of an address is one client", async () => {
    const host = await openPageHost(withHost({ requestsPerMinute: { perClient: 1 } }));
    const statuses: number[] = [];
    for (const address of ["unknown", "x".repeat(5_000), "::ffff:192.0.2.1", "::ffff:192.0.2.2"]) {
      statuses.push((await postError(host, from(address))).status);
    }
    expect(statuses).toEqual([200, 429, 200, 200]);
  });

  test("all clients together have a limit, which refused requests do not use up", async () => {
    const host = await openPageHost(withHost({ requestsPerMinute: { perClient: 1, total: 2 } }));
    const statuses: number[] = [];
    for (const number of [1, 1, 1, 2, 3]) {
      statuses.push((await postError(host, from(`192.0.2.${number}`))).status);
    }
    expect(statuses).toEqual([200, 429, 429, 200, 429]);
  });
});

describe("Sentry's answer", () => {
  test.each([200, 429])("its rate limits reach the page with status %i", async (status) => {
    const headers = {
      "x-sentry-rate-limits": "60:error:organization",
      "retry-after": "60",
      "set-cookie": "a=b",
    };
    const host = await openPageHost({ receiver: { respond: () => ({ status, headers, body: "<b>" }) } });
    const answer = await postError(host);
    expect(answer.status).toBe(status);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "x-sentry-rate-limits": "60:error:organization",
      "retry-after": "60",
      "content-type": "application/json",
    });
    expect(answer.headers.has("set-cookie")).toBe(false);
    expect(host.warnings).toEqual([]);
  });

  test.each([
    { upstream: 400, status: 400, isTold: false },
    { upstream: 413, status: 413, isTold: false },
    { upstream: 401, status: 500, isTold: true },
    { upstream: 403, status: 500, isTold: true },
    { upstream: 302, status: 500, isTold: true },
    { upstream: 500, status: 500, isTold: true },
    { upstream: 502, status: 502, isTold: true },
    { upstream: 503, status: 503, isTold: true },
    { upstream: 504, status: 504, isTold: true },
  ])("$upstream is $status to the page", async ({ upstream, status, isTold }) => {
    const headers = { location: "http://evil.test/" };
    const host = await openPageHost({ receiver: { respond: () => ({ status: upstream, headers }) } });
    const statuses = [(await postError(host)).status, (await postError(host)).status];
    expect(statuses).toEqual([status, status]);
    await host.end();
    const told = host.warnings.filter((line) => line.endsWith("(browser-host)"));
    expect(told).toEqual(isTold ? [expect.stringContaining(`the answer was ${upstream}`)] : []);
    expect(told.join("")).not.toContain("public@");
  });

  test("a Sentry that is away is 502, and told once with the variables to look at", async () => {
    const gone = createServer().listen(0, "127.0.0.1");
    await once(gone, "listening");
    const { port } = gone.address() as AddressInfo;
    gone.close();
    const dsn = `http://public@127.0.0.1:${port}/1`;
    const host = await openPageHost({ env: () => ({ TRACEBRIDGE_BROWSER_DSN: dsn }) });
    const answers = [1, 2].map(() => host.post(TUNNEL, writeError({ dsn })));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([502, 502]);
    await host.end();
    expect(host.warnings.filter((line) => line.includes("TRACEBRIDGE_BROWSER_DSN"))).toHaveLength(1);
  });

  test("a Sentry that does not answer is given up on: 504", async () => {
    const host = await openPageHost({
      ...withHost({ sentryDeadlineMillis: 200 }),
      receiver: {
        respond: ({ kind }) => (kind === "sentry" ? { status: 200, delayMillis: Infinity } : undefined),
      },
    });
    expect((await postError(host)).status).toBe(504);
  });
});

test("a DSN with a path and a secret goes on to its path, with the public key alone", async () => {
  const requests: { url: string | undefined; headers: IncomingHttpHeaders }[] = [];
  const sentry = createServer((request, response) => {
    requests.push({ url: request.url, headers: request.headers });
    request.resume().on("end", () => response.end("{}"));
  }).listen(0, "127.0.0.1");
  await once(sentry, "listening");
  onTestFinished(() => void sentry.close());
  const { port } = sentry.address() as AddressInfo;
  const at = `127.0.0.1:${port}/prefix/42`;
  const host = await openPageHost({
    env: () => ({ TRACEBRIDGE_BROWSER_DSN: `http://public:hidden_part@${at}` }),
  });
  const post = (dsn: string) => host.post(TUNNEL, writeEnvelope({ dsn }, [{ type: "event" }, {}]));
  expect((await post(`http://public@${at}`)).status).toBe(200);
  expect((await post(`http://public:hidden_part@${at}`)).status).toBe(403);
  expect(requests.map(({ url }) => url)).toEqual([
    "/prefix/api/42/envelope/?sentry_version=7&sentry_key=public",
  ]);
  expect(JSON.stringify(requests)).not.toContain("hidden_part");
});

test("behind a body parser the handler cannot read, and says so once", async () => {
  const host = await openPageHost({
    env: (to) => ({ ...toBoth(to), FIXTURE_FRAMEWORK: "body-first" }),
  });
  const statuses = [(await postError(host)).status, (await postError(host)).status];
  expect(statuses).toEqual([500, 500]);
  await host.end();
  expect(host.warnings).toEqual([expect.stringContaining("before body parsers")]);
});
