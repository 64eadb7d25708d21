import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium, openPage } from "../../../test/chromium.ts";
import { startTracedWeb, type TracedWeb } from "./support/traced-web.ts";

const html = "<!doctype html><title>elsewhere</title>";
const elsewhere = createServer((_request, response) =>
  response.setHeader("content-type", "text/html").end(html),
);

let web: TracedWeb;
let url: string;
let browser: Browser;
let port: number;

beforeAll(async () => {
  elsewhere.listen(0, "127.0.0.1");
  await once(elsewhere, "listening");
  ({ port } = elsewhere.address() as AddressInfo);
  // The same server by another name is another origin.
  web = await startTracedWeb({ CORS_ORIGINS: `http://127.0.0.1:${port}` });
  url = await web.process.url();
  browser = await launchChromium();
});

afterAll(async () => {
  await browser.close();
  await web.close();
  elsewhere.close();
});

interface Call {
  address: string;
  headers: Record<string, string>;
  credentials: "omit" | "include";
}

/** Runs in the page. */
function send({ address, headers, credentials }: Call): Promise<unknown> {
  return fetch(address, { method: "POST", headers, body: "{}", credentials }).then(
    ({ status }) => status,
    () => "blocked",
  );
}

/** What a page of that origin hears of its call, in the browser's own words. */
async function call(
  host: string,
  headers: Record<string, string>,
  credentials: Call["credentials"] = "omit",
): Promise<unknown> {
  const { page } = await openPage(browser, `http://${host}:${port}/`);
  const result = await page.evaluate(send, {
    address: `${url}/order`,
    headers: { "content-type": "application/json", ...headers },
    credentials,
  });
  await page.context().close();
  return result;
}

const traceHeaders = {
  "sentry-trace": "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  baggage: "orderId=alice",
};

test("a browser lets the page of a named origin call with the trace headers", async () => {
  expect(await call("127.0.0.1", traceHeaders)).toBe(400);
  await web.receiver.waitFor("the call in its trace", ({ otlp }) =>
    otlp.spans.some(({ traceId }) => traceId === "0af7651916cd43dd8448eb211c80319c"),
  );
});

test("it blocks what goes beyond: another header, cookies, and a page of an origin without a name", async () => {
  expect(await call("127.0.0.1", { "x-other": "1" })).toBe("blocked");
  expect(await call("127.0.0.1", { tracestate: "a=b" })).toBe("blocked");
  expect(await call("127.0.0.1", {}, "include")).toBe("blocked");
  expect(await call("localhost", traceHeaders)).toBe("blocked");
});
