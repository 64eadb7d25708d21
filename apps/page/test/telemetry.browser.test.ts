import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { expectGoodLook } from "./look.ts";
import { badge, compareUrl, createBench, mistake, orderBox, playOrder, submit } from "./page-bench.ts";
import { addTelemetry, serverTrace } from "./telemetry-bench.ts";

const bench = createBench();
const telemetry = addTelemetry(bench);

async function order(page: Page, id: string): Promise<void> {
  await orderBox(page).fill(id);
  await submit(page).click();
}

async function askForReset(page: Page): Promise<void> {
  await page.getByLabel("E-mail address").fill("alice@example.com");
  await page.getByRole("button", { name: "Send the link" }).click();
}

const requestOf = (method: string, path: string) => {
  const found = bench.api.requests.find((request) => request.method === method && request.path === path);
  if (found === undefined) throw new Error(`there was no ${method} ${path}`);
  return found;
};

describe("an order", () => {
  it("is one trace with the page's own, from the submit to the calls, and has its id on each span", async () => {
    const { page, problems } = await bench.open();
    await order(page, "alice");
    await badge(page, "finished").waitFor();
    const post = await telemetry.waitForSpan("POST /order");
    const handle = await telemetry.waitForSpan("handleSubmit");
    const look = await telemetry.waitForSpan("GET /order/:orderId");
    expect(post).toMatchObject({
      traceId: serverTrace,
      parentSpanId: handle.spanId,
      attributes: { orderId: "alice", "http.response.status_code": 202 },
    });
    expect(handle).toMatchObject({ traceId: serverTrace, status: "unset", attributes: { orderId: "alice" } });
    expect(look).toMatchObject({ parentSpanId: handle.spanId, attributes: { orderId: "alice" } });
    expect(telemetry.receiver.sentry.spans.find(({ name }) => name === "POST /order")).toMatchObject({
      traceId: serverTrace,
      op: "http.client",
      attributes: { orderId: "alice", "http.response.status_code": 202 },
    });
    expect(problems).toEqual([]);
  });

  it("is sent with the headers of its trace and its id", async () => {
    const { page } = await bench.open();
    await order(page, "alice");
    const post = await telemetry.waitForSpan("POST /order");
    const { headers } = requestOf("POST", "/order");
    expect(headers["sentry-trace"]).toBe(`${serverTrace}-${post.spanId}-1`);
    expect(headers["traceparent"]).toBe(`00-${serverTrace}-${post.spanId}-01`);
    expect(headers["baggage"]).toContain(`sentry-trace_id=${serverTrace}`);
    expect(headers["baggage"]).toContain("orderId=alice");
  });

  it("that is refused is a failed submit", async () => {
    telemetry.answer = () => ({ status: 503, body: { error: { code: "X", message: "no" } } });
    const { page } = await bench.open();
    await order(page, "alice");
    await mistake(page, "status 503").waitFor();
    expect(await telemetry.waitForSpan("handleSubmit")).toMatchObject({
      status: "error",
      attributes: { "error.type": "server" },
    });
  });
});

describe("a reset of a password", () => {
  it("is one trace with the page's own, without the address", async () => {
    telemetry.answer = () => ({ status: 200, body: { message: "Password reset email sent" } });
    const { page } = await bench.open({}, "/reset-password");
    await askForReset(page);
    await page.getByRole("heading", { name: "Password reset email sent" }).waitFor();
    const handle = await telemetry.waitForSpan("handleSubmit");
    const post = await telemetry.waitForSpan("POST /users/reset-password");
    expect(post).toMatchObject({ traceId: serverTrace, parentSpanId: handle.spanId });
    expect(requestOf("POST", "/users/reset-password").headers["traceparent"]).toContain(post.spanId);
    expect(JSON.stringify(telemetry.requests())).not.toMatch(/alice/);
    const view = page.getByRole("link", { name: "Both beside each other" });
    expect(await view.getAttribute("href")).toBe(`${compareUrl}/trace/${serverTrace}`);
  });

  it("that is refused is a failed submit", async () => {
    telemetry.answer = () => ({ status: 429, headers: { "retry-after": "60" } });
    const { page } = await bench.open({}, "/reset-password");
    await askForReset(page);
    await mistake(page, "in 60 seconds").waitFor();
    expect(await telemetry.waitForSpan("handleSubmit")).toMatchObject({
      status: "error",
      attributes: { "error.type": "too-many" },
    });
  });

  it("never tells telemetry its token or the password, nor does taking the token begin a trace", async () => {
    telemetry.answer = () => ({ status: 200, body: { message: "Password changed" } });
    const { page } = await bench.open({}, "/reset-password#token=secret-1");
    await page.evaluate(() => location.assign("#token=secret-2"));
    await page.getByLabel("New password").fill("secret words");
    await page.getByRole("button", { name: "Set the password" }).click();
    await page.getByRole("heading", { name: "Password changed" }).waitFor();
    const post = await telemetry.waitForSpan("POST /users/reset-password/complete");
    expect(post.traceId).toBe(serverTrace);
    // What was begun with the load of the page ends with it at the latest.
    await page.goto("about:blank");
    await expect.poll(() => JSON.stringify(telemetry.requests())).toContain("pageload");
    expect(JSON.stringify(telemetry.requests())).not.toContain("secret");
  });
});

describe("another page", () => {
  it("is another trace", async () => {
    telemetry.answer = () => ({ status: 200, body: { message: "Password reset email sent" } });
    const { page } = await bench.open();
    await page.getByRole("link", { name: "Reset password" }).click();
    await askForReset(page);
    const post = await telemetry.waitForSpan("POST /users/reset-password");
    expect(post.traceId).not.toBe(serverTrace);
    expect(requestOf("POST", "/users/reset-password").headers["traceparent"]).toContain(post.traceId);
  });
});

describe("an error of rendering", () => {
  it("is told in words, and arrives as an issue with the components it happened in", async () => {
    const { page } = await bench.open();
    await page.evaluate(() => {
      Intl.DateTimeFormat.prototype.formatToParts = () => [];
      Object.defineProperty(Intl.DateTimeFormat.prototype, "format", {
        get: () => () => {
          throw new Error("no format today");
        },
      });
    });
    await order(page, "alice");
    await page.getByRole("heading", { name: "This page broke" }).waitFor();
    await telemetry.receiver.waitFor("the issue", ({ sentry }) => sentry.events.length > 0);
    const [event] = telemetry.receiver.sentry.events;
    expect(event?.exceptions).toMatchObject([{ type: "Error", value: "no format today" }]);
    expect(event?.traceId).toBe(serverTrace);
    expect(JSON.stringify(event?.contexts)).toContain("componentStack");
    await page.screenshot({ path: "test-results/page/broken.png" });
    await expectGoodLook(page);
    await page.getByRole("button", { name: "Load the page again" }).click();
    await orderBox(page).waitFor();
  });
});

describe("an order is made all the same", () => {
  it.each(["no configuration", "a broken one", "a blocked way"])("with %s", async (what) => {
    telemetry.answer = playOrder(["finished"]);
    if (what === "no configuration") bench.head = "";
    if (what === "a broken one") bench.head = bench.head.replace("{", "{oops");
    const { page, problems } = await bench.open({}, "/reset-password");
    if (what === "a blocked way") await page.route("**/tb/**", (route) => route.abort("blockedbyclient"));
    await page.getByRole("link", { name: "Orders" }).click();
    await order(page, "alice");
    await badge(page, "finished").waitFor();
    const { headers } = requestOf("POST", "/order");
    expect(headers["traceparent"] !== undefined).toBe(what === "a blocked way");
    expect(problems.filter((problem) => !problem.includes("ERR_BLOCKED_BY_CLIENT"))).toEqual([]);
  });
});
