import { expect, test } from "vitest";
import { createBrowserBench } from "./bench.ts";
import { readSentryError, readSentrySpan } from "./sentry-bench.ts";

const bench = createBrowserBench();

const TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl";
const SECRETS = [
  "alice@example.com",
  "alice%40example.com",
  TOKEN,
  "hunter2",
  "4111 1111 1111 1111",
  "Alice Liddell",
];

test("addresses, tokens and what users type leave neither in spans nor in errors", async () => {
  const bodies: string[] = [];
  const { page } = await bench.open({ path: `/?mail=alice%40example.com#token=${TOKEN}` });
  page.on("request", (request) => bodies.push(`${request.url()} ${request.postData() ?? ""}`));
  await page.fill("input[name=address]", "Alice Liddell");
  await page.evaluate((token) => {
    document.querySelector("#order")?.addEventListener("submit", (event) => event.preventDefault());
    history.pushState({}, "", `/reset-password?mail=alice@example.com#token=${token}`);
    telemetry.addBreadcrumb({ message: "card 4111 1111 1111 1111", data: { password: "hunter2" } });
    telemetry.withSpan("mail to alice@example.com", (span) => {
      span.setAttribute("authorization", `Bearer ${token}`);
      span.setAttribute("note", "password=hunter2");
    });
    return fetch(`/api/users?token=${token}&mail=alice@example.com`, {
      method: "POST",
      body: "{}",
      headers: { authorization: `Bearer ${token}` },
    }).then(() => {});
  }, TOKEN);
  await page.click("#order button");
  await page.evaluate((token) => {
    telemetry.captureError(new Error(`no user alice@example.com with ${token}`), {
      extra: { form: { password: "hunter2", name: "4111 1111 1111 1111" } },
    });
  }, TOKEN);
  await readSentryError(bench, "no user [Filtered] with [Filtered]");
  await readSentrySpan(bench, "mail to [Filtered]");
  await page.evaluate(() => telemetry.getBrowserTelemetry()?.flush());
  const sent = bodies.filter((body) => body.includes("/envelope/") || body.includes("/v1/traces"));
  expect(sent.length).toBeGreaterThan(1);
  for (const secret of SECRETS) expect(sent.join("\n")).not.toContain(secret);
});

test("the address of a page leaves without query and fragment", async () => {
  const { page } = await bench.open({ path: "/reset-password?from=mail#Zm9vYmFy" });
  await page.evaluate(() => telemetry.captureError(new Error("on this page")));
  const error = await readSentryError(bench, "on this page");
  expect(error.raw).toMatchObject({ request: { url: `${bench.receiver.url}/reset-password` } });
  const load = await readSentrySpan(bench, "/reset-password");
  expect(load.attributes["url.full"]).toBe(`${bench.receiver.url}/reset-password`);
});
