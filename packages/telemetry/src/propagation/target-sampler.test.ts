import { ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import type { Attributes, Context } from "@opentelemetry/api";
import { AlwaysOffSampler, AlwaysOnSampler, TracerProvider } from "@opentelemetry/sdk-trace";
import type { Sampler } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { createSampler } from "../sampling/index.ts";
import { readTraceState } from "../trace-state/index.ts";
import { createTargetSampler, createTargetTest } from "./index.ts";

const isTarget = createTargetTest(["https://api.test/"], () => {});
const named: Attributes = { "url.full": "https://api.test/orders", "server.address": "api.test" };
const other: Attributes = { "url.full": "https://evil.test/", "server.address": "evil.test" };

/** Starts one span below the other and says what each may send. */
function readReaches(
  spans: readonly (readonly [SpanKind, Attributes?])[],
  otlp: Sampler = new AlwaysOnSampler(),
): (string | undefined)[] {
  const sampler = createTargetSampler(createSampler({ otlp }), isTarget);
  const tracer = new TracerProvider({ sampler }).getTracer("test");
  let within: Context = ROOT_CONTEXT;
  return spans.map(([kind, attributes = {}]) => {
    const span = tracer.startSpan("span", { kind, attributes }, within);
    within = trace.setSpan(within, span);
    return readTraceState(span.spanContext())?.reach;
  });
}

const { CLIENT, INTERNAL, PRODUCER, SERVER } = SpanKind;

test("a call is judged by its address, recorded or not, inside a request or alone", () => {
  for (const otlp of [new AlwaysOnSampler(), new AlwaysOffSampler()]) {
    expect(readReaches([[SERVER], [CLIENT, named]], otlp)).toEqual([undefined, "all"]);
    expect(readReaches([[SERVER], [CLIENT, other]], otlp)).toEqual([undefined, "none"]);
    expect(readReaches([[CLIENT, named]], otlp)).toEqual(["all"]);
    expect(readReaches([[CLIENT, other]], otlp)).toEqual(["none"]);
  }
});

test("a call within a call is judged by itself, and what is no call belongs to the one around it", () => {
  expect(
    readReaches([
      [CLIENT, named],
      [CLIENT, other],
      [CLIENT, named],
    ]),
  ).toEqual(["all", "none", "all"]);
  expect(readReaches([[CLIENT, other], [INTERNAL]])).toEqual(["none", "none"]);
  expect(readReaches([[CLIENT, named], [CLIENT]])).toEqual(["all", "none"]);
});

test("a message carries everything, wherever it is sent from, and a call in its place does not", () => {
  expect(readReaches([[PRODUCER], [CLIENT, other]])).toEqual(["all", "none"]);
  expect(readReaches([[CLIENT, other], [PRODUCER]])).toEqual(["none", "all"]);
});

test("without a list every call carries the trace alone", () => {
  const sampler = createTargetSampler(createSampler({ otlp: new AlwaysOnSampler() }), undefined);
  const span = new TracerProvider({ sampler })
    .getTracer("test")
    .startSpan("GET", { kind: CLIENT, attributes: other });
  expect(readTraceState(span.spanContext())?.reach).toBe("trace");
});
