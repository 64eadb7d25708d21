import { expect, test } from "vitest";
import { compareTraces, type Difference, type Trace } from "../../src/index.ts";
import { readOrder } from "./recorded-orders.ts";

const linked = { traceId: "1".repeat(32), spanId: "2".repeat(16) };

/** The recorded order, with more on its first span. */
function withMore(format: "jaeger-v1" | "sentry", values: object, attributes: object): Trace {
  const trace = structuredClone(readOrder("order-finished", format));
  const first = trace.spans.find(
    ({ spanId }) => spanId === readOrder("order-finished", "otlp").spans[0]?.spanId,
  );
  Object.assign(first?.attributes ?? {}, values);
  first?.links.push({ ...linked, attributes: { ...attributes } });
  return trace;
}

function findUnexplained(left: Trace, right: Trace): Difference[] {
  return compareTraces(left, right).differences.filter(({ verdict }) => verdict === "unexplained");
}

test("lists, objects, nothing and links of Jaeger's API v1 are what Sentry makes of them", () => {
  const texts = { list: '["a",1,null]', object: '{"a":1}', nothing: "" };
  const jaeger = withMore("jaeger-v1", texts, {});
  expect(findUnexplained(jaeger, withMore("sentry", { list: ["a", 1] }, { why: "retry" }))).toEqual([]);
});

test("another list than the text of API v1 is a difference, and so is a text that Sentry lacks", () => {
  const jaeger = withMore("jaeger-v1", { list: '["a"]', text: "said" }, {});
  const found = findUnexplained(jaeger, withMore("sentry", { list: ["b"] }, {}));
  expect(found).toMatchObject([
    { field: "attribute", key: "list" },
    { field: "attribute", key: "text" },
  ]);
});
