import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTracedWeb, type TracedWeb } from "./support/traced-web.ts";

const origin = "https://shop.example.com";
const asked = {
  "access-control-request-method": "POST",
  "access-control-request-headers": "baggage,content-type",
};

const paths = ["/order", "/users/reset-password", "/users/reset-password/complete"];

function preflight(url: string, from: string, headers: Record<string, string> = asked): Promise<Response> {
  return fetch(url, { method: "OPTIONS", headers: { origin: from, ...headers } });
}

/** What the answer says about other origins. */
function readCors({ headers }: Response): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-")));
}

function post(url: string, from: string): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { origin: from, "content-type": "application/json" },
    body: "{}",
  });
}

describe("with CORS_ORIGINS", () => {
  let web: TracedWeb;
  let url: string;
  beforeAll(async () => {
    web = await startTracedWeb({ CORS_ORIGINS: `${origin}, http://localhost:5173` });
    url = await web.process.url();
  });
  afterAll(() => web.close());

  test.each(paths)(
    "a page of a named origin may call %s with the three trace headers, and without cookies",
    async (path) => {
      for (const from of [origin, "http://localhost:5173"]) {
        const answer = await preflight(url + path, from);
        expect([answer.status, answer.headers.get("vary")]).toEqual([204, expect.stringContaining("Origin")]);
        expect(readCors(answer)).toEqual({
          "access-control-allow-origin": from,
          "access-control-allow-methods": "GET,POST",
          "access-control-allow-headers": "content-type,sentry-trace,baggage,traceparent",
          "access-control-expose-headers": "retry-after,x-request-id",
          "access-control-max-age": "600",
        });
      }
    },
  );

  test.each(paths)("its call of %s is answered to it, also when it is refused", async (path) => {
    const answer = await post(url + path, origin);
    expect([answer.status, answer.headers.get("vary")]).toEqual([400, expect.stringContaining("Origin")]);
    expect(readCors(answer)).toEqual({
      "access-control-allow-origin": origin,
      "access-control-expose-headers": "retry-after,x-request-id",
    });
  });

  test.each([
    "https://shop.example.com.evil.test",
    "https://evil.test",
    "http://shop.example.com",
    "https://shop.example.com:8443",
    "https://SHOP.example.com",
    "https://shop.example.com/",
    "null",
    "*",
  ])("a page of %s gets nothing, and caches know that others may", async (from) => {
    const answers = [await preflight(`${url}/order`, from), await post(`${url}/order`, from)];
    expect(answers.map(readCors)).toEqual([{}, {}]);
    for (const { headers } of answers) expect(headers.get("vary")).toContain("Origin");
  });

  test.each(["/", "/config.json", "/health", "/tb/e", "/tb/t"])(
    "%s is no part of the API: no origin may read it",
    async (path) => {
      const answers = [await preflight(url + path, origin), await fetch(url + path, { headers: { origin } })];
      expect(answers.map(readCors)).toEqual([{}, {}]);
    },
  );
});

test("without CORS_ORIGINS nobody gets anything, and pages of web's own origin are served", async () => {
  const web = await startTracedWeb({});
  try {
    const url = await web.process.url();
    const answers = [await preflight(`${url}/order`, origin), await post(`${url}/order`, origin)];
    expect(answers.map(readCors)).toEqual([{}, {}]);
    const own = await post(`${url}/order`, url);
    expect([own.status, readCors(own)]).toEqual([400, {}]);
  } finally {
    await web.close();
  }
});
