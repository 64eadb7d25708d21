import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { openMailServer, send } from "./open-mail-server.ts";

test("the page escapes everything a mail brings, and makes only web addresses links", async () => {
  const server = await openMailServer();
  await send(server, {
    subject: '<script>alert("1")</script>',
    messageId: `<"'><b>@example.com>`,
    text: `see https://shop.example/reset-password#token=a_b-c&d="x". javascript:alert(1) <img src=x onerror=alert(1)>`,
  });
  const page = await (await fetch(server.pageUrl)).text();
  expect(page).toContain('<h2 id="mail-1">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;</h2>');
  expect(page).toContain(
    '<a href="https://shop.example/reset-password#token=a_b-c&amp;d=" rel="noreferrer">https://shop.example/reset-password#token=a_b-c&amp;d=</a>&quot;x&quot;',
  );
  expect(page.match(/<a href="[^"]*"/g)).toEqual([
    '<a href="/"',
    '<a href="https://shop.example/reset-password#token=a_b-c&amp;d="',
  ]);
  expect(page).not.toMatch(/<script|<img|<b>/);
});

test.each(["/", "/mails/1/html", "/api/mails", "/nothing"])(
  "%s is answered with a strict policy",
  async (path) => {
    const server = await openMailServer();
    await send(server, { html: "<script>alert(1)</script>" });
    const { headers } = await fetch(server.pageUrl + path);
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; /);
    expect(headers.get("content-security-policy")).not.toContain("script");
    expect(headers.get("content-security-policy")?.includes("sandbox allow-popups")).toBe(
      path === "/mails/1/html",
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  },
);

test.each([
  ["GET", "/nothing", 404],
  ["GET", "/mails/2/html", 404],
  ["GET", "/mails/1e9/html", 404],
  ["POST", "/", 405],
  ["DELETE", "/api/mails", 405],
  ["HEAD", "/", 200],
])("answers %s %s with %d", async (method, path, status) => {
  const server = await openMailServer();
  await send(server, { text: "no HTML" });
  expect((await fetch(server.pageUrl + path, { method })).status).toBe(status);
});

test("a mail made to be slow to show is shown", async () => {
  const server = await openMailServer();
  await send(server, { text: `(see http://shop.example/a.b). http://a${".".repeat(450_000)}x` });
  const page = await (await fetch(server.pageUrl)).text();
  expect(page).toContain(
    '(see <a href="http://shop.example/a.b" rel="noreferrer">http://shop.example/a.b</a>). ',
  );
});

test.each([
  ["localhost:8025", 200],
  ["127.0.0.1", 200],
  ["evil.example:8025", 421],
  ["localhost.evil.example", 421],
  ["127.0.0.1.evil.example", 421],
])("of a request for the host %s the answer is %d", async (host, status) => {
  const server = await openMailServer();
  await send(server, { text: "a secret" });
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${server.pageUrl}/api/mails`, { headers: { host } }, resolve).once("error", reject);
  });
  expect(answer.statusCode).toBe(status);
  expect((await text(answer)).includes("a secret")).toBe(status === 200);
});
