import { expect, test } from "vitest";
import { createBrowserBench, TRACE_ID, writeMetaTags } from "./bench.ts";

const bench = createBrowserBench();

test("a router that uses the Navigation API begins a new trace with each path", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  const load = await bench.readOtlpSpan("/");
  await page.evaluate(async () => {
    navigation.addEventListener("navigate", (event) => event.intercept());
    await navigation.navigate("/?tab=2").finished;
    await fetch("/api/before");
    await navigation.navigate("/orders/4711").finished;
    await fetch("/api/after");
  });
  const before = await bench.readOtlpSpan("GET /api/before");
  const view = await bench.readOtlpSpan("/orders/:id");
  const after = await bench.readOtlpSpan("GET /api/after");
  expect(before).toMatchObject({ traceId: TRACE_ID, parentSpanId: load.spanId });
  expect(view.traceId).not.toBe(TRACE_ID);
  expect(after).toMatchObject({ traceId: view.traceId, parentSpanId: view.spanId });
  expect(bench.receiver.otlp.spans.filter(({ name }) => name === "/orders/:id")).toHaveLength(1);
});

test("a fragment that is a path is another view, any other is the same", async () => {
  const { page } = await bench.open({ meta: writeMetaTags() });
  await bench.readOtlpSpan("/");
  const traces = await page.evaluate(async () => {
    const seen: (string | undefined)[] = [];
    for (const hash of ["#reviews", "#/orders/secret-4711", "#/orders/secret-4711?page=2", "#!/basket"]) {
      const changed = new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
      location.hash = hash;
      await changed;
      seen.push(telemetry.activeTraceId());
    }
    await telemetry.getBrowserTelemetry()?.flush();
    return seen;
  });
  expect(traces[0]).toBe(TRACE_ID);
  expect(traces[1]).not.toBe(TRACE_ID);
  expect(traces[2]).toBe(traces[1]);
  expect(new Set(traces).size).toBe(3);
  await bench.receiver.waitFor("both views", ({ otlp }) => otlp.spans.filter(isView).length === 2);
  const told = bench.receiver.otlp.spans.map(({ name, attributes }) => [name, attributes]);
  expect(JSON.stringify(told)).not.toContain("secret-4711");

  function isView({ attributes }: { attributes: Readonly<Record<string, unknown>> }): boolean {
    return attributes["sentry.op"] === "navigation";
  }
});
