import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTraces, writeTrace, type Trace, type WrittenFormat } from "../../src/index.ts";
import { arbitraryTrace } from "../arbitrary-traces.ts";
import { readRecordedFile, recordedFiles, sortSpans, writtenFormats } from "./recorded-files.ts";

const anyTrace = fc.constantFrom("otlp", "sentry", "jaeger-v1").chain(arbitraryTrace);

/** Written and read again. */
function passThrough(trace: Trace, format: WrittenFormat): Trace | undefined {
  const { traces, skipped } = readTraces(writeTrace(trace, format), { traceId: trace.traceId });
  expect(skipped).toEqual([]);
  return traces.get(trace.traceId);
}

describe("a trace that was read, written and read again is the same trace", () => {
  it.each(recordedFiles)("$folder/$file as $format", ({ folder, file, format }) => {
    const { traces } = readRecordedFile(folder, file);
    expect(traces.size).toBeGreaterThan(0);
    // Sentry's API answers with a tree, which says nothing of the order in which a search found its spans.
    const order = format === "sentry-api" ? sortSpans : (same: Trace | undefined) => same;
    for (const trace of traces.values()) {
      expect(order(passThrough(trace, format))).toEqual(order(trace));
    }
  });

  it.each(writtenFormats)("any trace in %s, whatever format it came from", (format) => {
    let count = 0;
    fc.assert(
      fc.property(anyTrace, (trace) => {
        const once = passThrough(trace, format);
        if (!once) return;
        expect(passThrough(once, format)).toEqual(once);
        count += 1;
      }),
      { numRuns: 40 },
    );
    expect(count).toBe(40);
  });

  // Sentry's API is not among them: it cannot tell logs, nor which span an error was on if that span is not there.
  it.each([
    ["otlp", "otlp"],
    ["otlp", "otlp-protobuf"],
    ["jaeger-v3", "jaeger-v3"],
    ["jaeger-v1", "jaeger-v1"],
    ["sentry", "sentry"],
  ] as const)("any trace of %s is not changed at all as %s", (format, written) => {
    expect.hasAssertions();
    fc.assert(
      fc.property(arbitraryTrace(format), (trace) => {
        expect(passThrough(trace, written)).toEqual(trace);
      }),
    );
  });

  it("holds for parents in a circle, and for a trace that is deeper than the engine's stack", () => {
    const { traces } = readRecordedFile("order-finished", "sentry-api-trace.json");
    const [example] = [...traces.values()].flatMap(({ spans }) => spans);
    if (!example) throw new Error("no span");
    const toId = (index: number): string => (index + 1).toString(16).padStart(16, "0");
    const length = 20_000;
    const trace: Trace = {
      traceId: example.traceId,
      format: "sentry-api",
      spans: Array.from({ length }, (_, index) => ({
        ...example,
        spanId: toId(index),
        parentSpanId: toId((index + length - 1) % length),
      })),
      errors: [],
      logs: [],
    };
    for (const format of writtenFormats) expect(passThrough(trace, format)?.spans).toHaveLength(length);
    expect(passThrough(trace, "sentry-api")).toEqual(trace);
  });
});
