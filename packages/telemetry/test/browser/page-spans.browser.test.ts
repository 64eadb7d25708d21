import { expect, test } from "vitest";
import { createBrowserBench, writeMetaTags } from "./bench.ts";
import { readTraceHeaders } from "./site.ts";

const bench = createBrowserBench();

test("the user is on later spans, and what is no id is on none", async () => {
  const { page, console } = await bench.open();
  await page.evaluate(() => {
    telemetry.setUser({ id: "alice@example.com" });
    telemetry.withSpan("nobody", () => {});
    telemetry.setUser({ id: "u-1" });
    telemetry.withSpan("somebody", () => {});
    telemetry.setUser(undefined);
    telemetry.withSpan("nobody again", () => {});
  });
  expect((await bench.readOtlpSpan("somebody")).attributes["user.id"]).toBe("u-1");
  expect((await bench.readOtlpSpan("nobody")).attributes).not.toHaveProperty("user.id");
  expect((await bench.readOtlpSpan("nobody again")).attributes).not.toHaveProperty("user.id");
  expect(console).toEqual([expect.stringContaining("(user-id)")]);
});

test("a token in the query or the fragment of the page is on no span", async () => {
  const { page } = await bench.open({ path: "/reset?token=s3cret-query#token=s3cret-fragment" });
  await page.evaluate(() => fetch("/api/reset?token=s3cret-query#s3cret-fragment"));
  await bench.readOtlpSpan("/reset");
  await bench.readOtlpSpan("GET /api/reset");
  const texts = bench.receiver.otlp.spans.map(({ name, attributes }) => JSON.stringify([name, attributes]));
  expect(texts.filter((text) => text.includes("s3cret"))).toEqual([]);
});

test("a label that names somebody is on no span", async () => {
  const { page } = await bench.open();
  await page.evaluate(() => {
    document.querySelector("#buy")?.removeAttribute("id");
    document.querySelector("button")?.setAttribute("aria-label", "Message Alice Smith");
  });
  await page.click("button");
  expect((await bench.readOtlpSpan("click button")).name).not.toContain("Alice");
  await page.evaluate(() => telemetry.getBrowserTelemetry()?.flush());
  const { otlp, sentry } = bench.receiver;
  const told = [...otlp.spans, ...sentry.spans].map(({ name, attributes }) =>
    JSON.stringify([name, attributes]),
  );
  expect(told.filter((text) => text.includes("Alice"))).toEqual([]);
});

test("a click in a web component is one on the button in it", async () => {
  const { page } = await bench.open();
  await page.evaluate(() => {
    const host = document.body.appendChild(document.createElement("div"));
    const root = host.attachShadow({ mode: "open" });
    root.innerHTML = '<button id="inner"><b>Pay</b></button>';
    root.querySelector("button")?.addEventListener("click", () => {
      void fetch("/api/pay");
      telemetry.captureError(new Error("of the component"));
    });
    root.querySelector("b")?.click();
  });
  const click = await bench.readOtlpSpan("click button#inner");
  expect(await bench.readOtlpSpan("GET /api/pay")).toMatchObject({ parentSpanId: click.spanId });
  await bench.receiver.waitFor("the error", ({ sentry }) => sentry.events.length === 1);
  const [event] = bench.receiver.sentry.events;
  expect(event?.breadcrumbs).toContainEqual(expect.objectContaining({ category: "ui.click", message: "b" }));
});

test("a navigation ends although nobody sees the page, which is not painted then", async () => {
  const { page } = await bench.open({ before: "globalThis.requestAnimationFrame = () => 0" });
  await page.evaluate(() => history.pushState(null, "", "/unseen"));
  const navigation = await bench.readOtlpSpan("/unseen");
  expect(navigation.attributes).not.toHaveProperty("tracebridge.page_hidden");
});

test("an answer after the browser has put the page away is no news to the console", async () => {
  const { page, console } = await bench.open();
  await page.evaluate(async () => {
    const abort = new AbortController();
    const call = fetch("/api/slow", { signal: abort.signal }).catch(() => {});
    dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    abort.abort();
    await call;
  });
  const call = await bench.readOtlpSpan("GET /api/slow");
  expect(call.attributes["tracebridge.page_hidden"]).toBe(true);
  expect(console).toEqual([]);
});

test("work that goes on after the browser has put the page away ends once", async () => {
  const { page, console } = await bench.open();
  await page.evaluate(async () => {
    const work = telemetry.withSpan("long work", () => new Promise((resolve) => setTimeout(resolve, 50)));
    const failing = telemetry.withSpan("failing work", async () => {
      await work;
      throw new Error("too late");
    });
    dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    await failing.catch(() => {});
  });
  const work = await bench.readOtlpSpan("long work");
  expect(work.attributes["tracebridge.page_hidden"]).toBe(true);
  expect(console).toEqual([]);
});

test("services behind a page that sends to Sentry alone go on sampling for OTLP", async () => {
  const { page } = await bench.open({ meta: writeMetaTags(), config: { otlp: undefined } });
  await page.evaluate(async () => {
    await fetch("/api/first");
    history.pushState(null, "", "/next");
    await fetch("/api/next");
    await telemetry.getBrowserTelemetry()?.flush();
  });
  const flags = bench.calls.map((call) => readTraceHeaders(call)["traceparent"]?.slice(-2));
  expect(flags).toEqual(["01", "01"]);
  const stats = await page.evaluate(() => telemetry.getBrowserTelemetry()?.stats());
  expect(stats?.sentry?.spans.delivered).toBeGreaterThan(3);
  expect(stats?.unaccounted).toBe(0);
});

test("both back ends are told the same tree with the same names", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  await page.evaluate(async () => {
    document.querySelector("#buy")?.addEventListener("click", () => {
      void telemetry.withSpan("buy", () => fetch("/api/order/1", { method: "POST" }));
    });
  });
  await page.click("#buy");
  await bench.readOtlpSpan("POST /api/order/:id");
  await page.evaluate(() => telemetry.getBrowserTelemetry()?.flush());
  const { otlp, sentry } = bench.receiver;
  const atOtlp = () => otlp.spans.map(describePlace);
  const atSentry = () => sentry.spans.map(describePlace);
  const differences = () => [
    ...atOtlp().filter((place) => !atSentry().includes(place)),
    ...atSentry().filter((place) => !atOtlp().includes(place)),
  ];
  await expect.poll(differences).toEqual([]);
  expect(atOtlp().length).toBeGreaterThanOrEqual(6);
});

interface Placed {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
}

function describePlace({ traceId, spanId, parentSpanId = "none", name }: Placed): string {
  return [traceId, spanId, parentSpanId, name].join(" ");
}
