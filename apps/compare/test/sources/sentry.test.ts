import { describe, expect, it } from "vitest";
import { openSentrySource } from "../../src/sources/sentry.ts";
import { failed, finished, startServer } from "./jaeger-server.ts";
import { answerAsSentry, answers, openOrganization as open, token } from "./sentry-server.ts";

describe("an organization of Sentry as a source", () => {
  it("reads a trace with its errors, by one request that carries the token", async () => {
    await using server = await startServer(answerAsSentry);
    const trace = await open(server.url).readTrace(failed.toUpperCase());
    expect(trace).toMatchObject({ traceId: failed, format: "sentry-api", errors: { length: 3 } });
    expect(trace?.spans).toHaveLength(32);
    expect(server.requests).toEqual([
      `/api/0/organizations/acme/trace/${failed}/?statsPeriod=14d&additional_attributes=trace` +
        "&additional_attributes=service.name&additional_attributes=span.status&additional_attributes=span.kind" +
        "&additional_attributes=orderId&additional_attributes=requestId",
    ]);
    expect(server.headers[0]).toMatchObject({ authorization: `Bearer ${token}` });
  });

  it("knows nothing of a trace that Sentry has not", async () => {
    await using server = await startServer(answerAsSentry);
    expect(await open(server.url).readTrace("0".repeat(31) + "1")).toBeUndefined();
  });

  it("tells what Sentry says is wrong, and what to do", async () => {
    for (const { status, headers, body } of answers.filter(
      ({ path, status }) => path.includes("/trace/") && status !== 200,
    )) {
      await using server = await startServer((_request, response) =>
        response.writeHead(status, headers).end(body),
      );
      const codes: Record<number, string> = {
        400: "ANSWER_NOT_UNDERSTOOD",
        401: "UNAUTHORISED",
        403: "UNAUTHORISED",
        404: "ANSWER_NOT_UNDERSTOOD",
      };
      await expect(open(server.url).readTrace(finished)).rejects.toMatchObject({
        code: codes[status],
        message: expect.stringMatching(/SENTRY_AUTH_TOKEN|slug|valid uuid/) as string,
      });
    }
  });

  it("is limited as Sentry says it, which calls that answer HTML", async () => {
    const limited = answers.find(({ status }) => status === 429);
    if (!limited) throw new Error("no such answer");
    await using server = await startServer((_request, response) =>
      response.writeHead(429, limited.headers).end(limited.body),
    );
    await expect(open(server.url).findTraceIds("alice", 5)).rejects.toMatchObject({ code: "RATE_LIMITED" });
    expect(server.requests).toHaveLength(1);
  });

  it("says which address to set when the organization lives in another region", async () => {
    await using region = await startServer(answerAsSentry);
    await using server = await startServer((request, response) =>
      response.writeHead(302, { location: region.url + request.url }).end(),
    );
    await expect(open(server.url).readTrace(finished)).rejects.toMatchObject({
      code: "REDIRECTED",
      message: expect.stringContaining(
        "Set SENTRY_URL to the address of the organization's region",
      ) as string,
    });
    expect(region.requests).toEqual([]);
  });

  it.each([
    "",
    "../x",
    "a/b",
    "a?b",
    "a#b",
    "a b",
    "%2e%2e",
    "-a",
    ".",
    "..",
    "a\n",
    "ä",
    "a".repeat(65),
    "a.b",
    "a@b",
    "a:b",
  ])("refuses %j, which is no organization's slug", (organization) => {
    expect(() => open("http://localhost:1", organization)).toThrow(/slug/);
  });

  it("takes a slug as Sentry makes them, and numbers", () => {
    for (const organization of ["acme", "acme-2", "a", "my_org", "123", "Acme"]) {
      expect(open("http://localhost:1", organization).name).toBe(`sentry:${organization}`);
    }
  });

  it("needs a token, and never shows it", () => {
    const open = (SENTRY_AUTH_TOKEN: string | undefined): unknown =>
      openSentrySource("acme", { SENTRY_URL: "http://localhost:1", SENTRY_AUTH_TOKEN });
    for (const missing of [undefined, "", "  "]) expect(() => open(missing)).toThrow("set SENTRY_AUTH_TOKEN");
    for (const odd of ["secret\r\nx-injected: 1", "secret\u0000", "secr€t", "secret secret"]) {
      expect(() => open(odd)).toThrow("holds characters that no token has");
      expect(() => open(odd)).not.toThrow(/secr/);
    }
  });

  it("refuses an address that is none, without showing it", () => {
    for (const url of [
      "sentry.io",
      "ftp://sentry.io",
      "https://sentry.io/?x=secret",
      "https://user:secret@",
    ]) {
      expect(() => open(url)).toThrow("SENTRY_URL is no address");
      expect(() => open(url)).not.toThrow(/secret/);
    }
  });

  it("links to Sentry's own page of a trace", () => {
    const link = (url: string): unknown => open(url).pageUrl?.(finished);
    expect(link("")).toBe(`https://acme.sentry.io/explore/traces/trace/${finished}/`);
    expect(link("https://de.sentry.io/")).toBe(`https://acme.sentry.io/explore/traces/trace/${finished}/`);
    expect(link("https://sentry.example.com/base")).toBe(
      `https://sentry.example.com/base/organizations/acme/explore/traces/trace/${finished}/`,
    );
  });
});
