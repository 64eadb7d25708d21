import { describe, expect, test } from "vitest";
import { compareTraces, type Difference, type Trace } from "../../src/index.ts";
import { readRecordedTrace } from "../formats/recorded-files.ts";
import { formats, readOrder, recordedOrders } from "./recorded-orders.ts";

// Jaeger with the store Badger, as the compose stack has it; what else was recorded is of the store `memory`.
const stored = "jaeger-v3-stored.json";

function findUnexplained(left: Trace, right: Trace): Difference[] {
  return compareTraces(left, right).differences.filter(({ verdict }) => verdict !== "explained");
}

describe.each(recordedOrders)("%s as Jaeger tells it from its store", (order) => {
  const trace = readRecordedTrace(order, stored);

  test.each(formats.filter((format) => format !== "jaeger-v3"))(
    "is equal to %s, whichever is left",
    (format) => {
      const other = readOrder(order, format);
      expect(findUnexplained(other, trace)).toEqual([]);
      expect(findUnexplained(trace, other)).toEqual([]);
    },
  );
});

test("what a store changes is explained, by a rule for each kind of thing", () => {
  const { differences } = compareTraces(
    readRecordedTrace("special", "otlp.json"),
    readRecordedTrace("special", stored),
  );
  const explained = differences.filter(({ rule }) => rule?.startsWith("jaeger-stored-"));
  expect(explained.map(({ rule, key = "" }) => `${rule} ${key}`.trim()).toSorted()).toEqual([
    "jaeger-stored-attribute array.empty",
    "jaeger-stored-attribute array.ints",
    "jaeger-stored-attribute array.mixed",
    "jaeger-stored-attribute array.strings",
    "jaeger-stored-attribute map",
    "jaeger-stored-attribute map.empty",
    "jaeger-stored-attribute value.empty",
    "jaeger-stored-flags",
    "jaeger-stored-link",
    "jaeger-stored-link",
    "jaeger-stored-link",
    "jaeger-stored-resource list",
  ]);
});

test("an event with a list is explained where its text is that list, and nowhere else", () => {
  const [sent, told] = [readOrder("order-failed", "otlp"), readRecordedTrace("order-failed", stored)];
  const [event, toldEvent] = [sent, told].map(({ spans }) => spans.flatMap(({ events }) => events)[0]);
  if (!event || !toldEvent) throw new Error("the recorded order has no event");
  const add = (list: string[], text: string): Trace[] => {
    event.attributes["list"] = list;
    toldEvent.attributes["list"] = text;
    return [sent, told];
  };
  add(["a"], '["a"]');
  expect(findUnexplained(sent, told)).toEqual([]);
  add(["a"], '["b"]');
  expect(findUnexplained(sent, told)).toMatchObject([{ field: "event" }]);
});

test("flags that are missing are not explained where the same Jaeger has some", () => {
  const [sent, told] = [readOrder("order-finished", "otlp"), readOrder("order-finished", "jaeger-v3")];
  expect(findUnexplained(sent, told)).toEqual([]);
  delete told.spans[0]?.flags;
  expect(findUnexplained(sent, told)).toMatchObject([{ field: "flags" }]);
});

test("a list that is another text in a store is not explained", () => {
  const [sent, told] = [readRecordedTrace("special", "otlp.json"), readRecordedTrace("special", stored)];
  for (const span of told.spans) if ("map" in span.attributes) span.attributes["map"] = "{}";
  expect(findUnexplained(sent, told)).toContainEqual(
    expect.objectContaining({ field: "attribute", key: "map" }),
  );
});

test("lists, objects, nothing and links in a store are what Sentry makes of them, and nothing else", () => {
  const compareWith = (list: string[]): Difference[] => {
    const [jaeger, sentry] = [
      readRecordedTrace("order-finished", stored),
      readOrder("order-finished", "sentry"),
    ];
    const [span] = jaeger.spans;
    const twin = sentry.spans.find(({ spanId }) => spanId === span?.spanId);
    if (!span || !twin) throw new Error("the recorded order has no span");
    Object.assign(span.attributes, { list: '["a",1,null]', object: '{"a":1}', nothing: "" });
    Object.assign(twin.attributes, { list: [...list, 1] });
    const to = { traceId: "1".repeat(32), spanId: "2".repeat(16) };
    span.links.push({ ...to, attributes: { "opentracing.ref_type": "follows_from" } });
    twin.links.push({ ...to, attributes: { why: "retry" } });
    return findUnexplained(jaeger, sentry);
  };
  expect(compareWith(["a"])).toEqual([]);
  expect(compareWith(["b"])).toMatchObject([{ field: "attribute", key: "list" }]);
});
