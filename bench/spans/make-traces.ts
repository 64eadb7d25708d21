import type * as OtelApi from "@opentelemetry/api";
import { createRequire } from "node:module";
import { createChildSpan, createHandlerSpan, createServerSpan } from "./attributes.ts";
import type { SpanModel } from "./attributes.ts";

/** Makes one trace of so many spans, from its server span to the end of it. */
export type MakeTrace = (spans: number) => void;

/** The copy that belongs to what is measured: an older one does not see the SDK of a newer one, nor the other way round. */
const requireFromPeer = createRequire(process.env["BENCH_PACKAGES"] ?? import.meta.url);
const { ROOT_CONTEXT, context, trace: api } = requireFromPeer("@opentelemetry/api") as typeof OtelApi;
let made = 0;

/** Through the API, as instrumentations do. */
export function createOtelTraces(): MakeTrace {
  const tracer = api.getTracer("bench");
  const inSpan = ({ name, kind, start, end }: SpanModel, act: () => void): void =>
    tracer.startActiveSpan(name, { kind, attributes: start }, (span) => {
      act();
      span.setAttributes(end);
      span.end();
    });
  return (spans) => context.with(ROOT_CONTEXT, () => makeTrace(spans, inSpan));
}

/** What is used of Sentry's SDK. */
interface SentrySdk {
  startSpan(options: object, act: (span: { setAttributes(attributes: object): unknown }) => void): void;
  withIsolationScope(act: () => void): void;
  startNewTrace(act: () => void): void;
}

/** Sentry's SDK where it traces by itself; its peer's folder puts it here. */
export function readSentry(): SentrySdk | undefined {
  const holder: typeof globalThis & { [sentryKey]?: SentrySdk } = globalThis;
  return holder[sentryKey];
}

const sentryKey = Symbol.for("tracebridge.bench.sentry");

/** Through Sentry's own function; each request in scopes of its own, as the SDK does for servers. */
export function createSentryTraces(sentry: SentrySdk): MakeTrace {
  const inSpan = ({ name, op, start, end }: SpanModel, act: () => void): void =>
    sentry.startSpan({ name, op, attributes: start }, (span) => {
      act();
      span.setAttributes(end);
    });
  return (spans) => sentry.withIsolationScope(() => sentry.startNewTrace(() => makeTrace(spans, inSpan)));
}

function makeTrace(spans: number, inSpan: (model: SpanModel, act: () => void) => void): void {
  made += 1;
  const trace = made;
  inSpan(createServerSpan(trace), () => {
    if (spans < 2) return;
    inSpan(createHandlerSpan(), () => {
      for (let index = 2; index < spans; index += 1) inSpan(createChildSpan(trace, index), doNothing);
    });
  });
}

function doNothing(): void {}

/** Starts a trace and leaves all of it open; returns what ends it, the children first. */
export function openTrace(spans: number): () => void {
  const tracer = api.getTracer("bench");
  made += 1;
  const open: [OtelApi.Span, SpanModel][] = [];
  let parent = ROOT_CONTEXT;
  for (let index = 0; index < spans; index += 1) {
    const model = [createServerSpan(made), createHandlerSpan()][index] ?? createChildSpan(made, index);
    const span = tracer.startSpan(model.name, { kind: model.kind, attributes: model.start }, parent);
    if (index < 2) parent = api.setSpan(parent, span);
    open.push([span, model]);
  }
  return () => {
    for (const [span, { end }] of open.toReversed()) {
      span.setAttributes(end);
      span.end();
    }
  };
}
