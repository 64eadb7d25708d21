import { expect, test } from "vitest";
import { createBrowserBench, PARENT_ID, TRACE_ID, writeMetaTags } from "./bench.ts";
import { readTraceHeaders } from "./site.ts";

const bench = createBrowserBench();
const otlpSpan = (name: string) => bench.receiver.otlp.spans.find((span) => span.name === name);

test("the page load continues the trace of the meta tags, below the server's span", async () => {
  const { page, errors, console } = await bench.open({ meta: writeMetaTags() });
  await bench.receiver.waitFor("the page load", () => otlpSpan("/") !== undefined);
    JSON.stringify(bench.receiver.otlp.spans, (_k, v) => (typeof v === "bigint" ? String(v) : v)),
  );
  expect(otlpSpan("/")).toMatchObject({ traceId: TRACE_ID, parentSpanId: PARENT_ID });
  await page.evaluate(async () => {
    document
      .querySelector("#buy")
      ?.addEventListener("click", () => void fetch("/api/order/4711?x=1", { method: "POST" }));
  });
  await page.click("#buy");
  await bench.receiver.waitFor("the fetch", () => otlpSpan("POST /api/order/:id") !== undefined);
  expect(errors).toEqual([]);
});
