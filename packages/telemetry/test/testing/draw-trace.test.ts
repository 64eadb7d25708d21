import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { drawTrace, startReceiver, type Receiver } from "@tracebridge/telemetry/testing";
import { sendSpans, traceIdOf, type SentSpan } from "./send-spans.ts";

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const trace = traceIdOf("a");
const order: readonly SentSpan[] = [
  { id: "1", service: "web", name: "POST /order", kind: "server" },
  { id: "2", parent: "1", service: "web", name: "send order", kind: "producer" },
  { id: "3", parent: "2", service: "order", name: "process order", kind: "consumer" },
  { id: "4", parent: "3", service: "order", name: "send factory", kind: "producer" },
  { id: "5", parent: "4", service: "factory", name: "process factory", kind: "consumer", isError: true },
  { id: "6", parent: "3", service: "order", name: "send factory", kind: "producer" },
  { id: "7", parent: "6", service: "factory", name: "process factory", kind: "consumer" },
  { id: "8", parent: "1", service: "web", name: "check" },
];

const digits = ["1", "2", "3", "4", "5", "6", "7", "8"];

function shuffled<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length });
}

test("a trace is drawn with services, kinds, names and errors, once when both back ends have the same", async () => {
  await sendSpans(receiver, order);
  expect(drawTrace(receiver, trace)).toMatchInlineSnapshot(`
    "Sentry and OTLP
      web: server POST /order
        web: internal check
        web: producer send order
          order: consumer process order
            order: producer send factory
              factory: consumer process factory
            order: producer send factory
              factory: consumer process factory (error)"
  `);
});

test("the drawing is the same in 20 runs with other ids and another order of arrival", async () => {
  await sendSpans(receiver, order);
  const drawn = drawTrace(receiver, trace);
  const runs = fc.asyncProperty(
    shuffled(digits),
    shuffled(order),
    shuffled(order),
    async (ids, first, second) => {
      receiver.reset();
      const rename = (id: string): string => ids[Number(id) - 1] ?? "";
      const renamed = (span: SentSpan): SentSpan => ({
        ...span,
        id: rename(span.id),
        parent: span.parent && rename(span.parent),
      });
      await sendSpans(receiver, first.map(renamed), ["otlp"]);
      await sendSpans(receiver, second.map(renamed), ["sentry"]);
      expect(drawTrace(receiver, trace)).toBe(drawn);
    },
  );
  await fc.assert(runs, { numRuns: 20 });
});

test("where the two back ends differ each has its own tree", async () => {
  const [request = { id: "1", name: "" }] = order;
  await sendSpans(receiver, [request, { id: "2", parent: "1", name: "request handler" }], ["otlp"]);
  await sendSpans(receiver, [request, { id: "2", parent: "1", name: "/order" }], ["sentry"]);
  expect(drawTrace(receiver, trace)).toMatchInlineSnapshot(`
    "Sentry
      web: server POST /order
        order: internal /order
    OTLP
      web: server POST /order
        order: internal request handler"
  `);
  expect(drawTrace(receiver, trace, { in: "otlp" })).toBe(
    "web: server POST /order\n  order: internal request handler",
  );
  expect(drawTrace(receiver, trace, { in: "sentry" })).toBe(
    "web: server POST /order\n  order: internal /order",
  );
});

test("a back end that got nothing is not in the heading", async () => {
  await sendSpans(receiver, order.slice(0, 1), ["otlp"]);
  expect(drawTrace(receiver, trace)).toBe("OTLP\n  web: server POST /order");
  expect(drawTrace(receiver, trace, { in: "sentry" })).toBe("no span arrived at Sentry");
  expect(drawTrace(receiver, traceIdOf("b"))).toBe("no span arrived");
});

test("spans of other traces are left out", async () => {
  await sendSpans(
    receiver,
    [
      { id: "1", name: "ours" },
      { id: "1", trace: "b", name: "theirs" },
    ],
    ["otlp"],
  );
  expect(drawTrace(receiver, trace)).toBe("OTLP\n  order: internal ours");
});

test("lost parents, spans that came twice and circles are drawn as what they are", async () => {
  const spans: SentSpan[] = [
    { id: "1", parent: "f", name: "orphan" },
    { id: "2", parent: "1", name: "child" },
    { id: "1", parent: "f", name: "orphan" },
    { id: "3", parent: "4", name: "hen" },
    { id: "4", parent: "3", name: "egg" },
    { id: "5", parent: "5", name: "itself" },
    { id: "6", name: "root" },
  ];
  await sendSpans(receiver, spans, ["otlp"]);
  expect(drawTrace(receiver, trace, { in: "otlp" })).toMatchInlineSnapshot(`
    "order: internal orphan (parent not received)
      order: internal child
    order: internal orphan (parent not received) (again)
    order: internal root
    order: internal egg (under no root)
    order: internal hen (under no root)
    order: internal itself (under no root)"
  `);
});
