import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTraces, writeTrace, type Trace, type WrittenFormat } from "../../src/index.ts";
import { arbitraryTrace } from "../arbitrary-traces.ts";
import { readRecordedFile, recordedFiles } from "./recorded-files.ts";

const formats: readonly WrittenFormat[] = [
  "otlp",
  "otlp-protobuf",
  "jaeger-v3",
  "jaeger-v1",
  "sentry",
  "sentry-api",
];

/** Written and read again. */
function passThrough(trace: Trace, format: WrittenFormat): Trace | undefined {
  const { traces, skipped } = readTraces(writeTrace(trace, format), { traceId: trace.traceId });
  expect(skipped).toEqual([]);
  return traces.get(trace.traceId);
}

function sortSpans(trace: Trace | undefined): Trace | undefined {
  return trace && { ...trace, spans: trace.spans.toSorted((a, b) => a.spanId.localeCompare(b.spanId)) };
}

describe("a trace that was read, written and read again is the same trace", () => {
  it.each(recordedFiles)("$folder/$file", ({ folder, file, format }) => {
    const { traces } = readRecordedFile(folder, file);
    expect(traces.size).toBeGreaterThan(0);
    for (const trace of traces.values()) {
      // Sentry's API answers with a tree, which says nothing of the order in which a search found its spans.
      const order = format === "sentry-api" ? sortSpans : (same: Trace | undefined) => same;
      expect(order(passThrough(trace, format))).toEqual(order(trace));
    }
  });

  it.each(formats)("any trace in %s, whatever format it came from", (format) => {
    fc.assert(
      fc.property(
        fc.constantFrom("otlp", "sentry", "sentry-api", "jaeger-v1").chain(arbitraryTrace),
        (trace) => {
          const once = passThrough(trace, format);
          if (once) expect(passThrough(once, format)).toEqual(once);
        },
      ),
    );
  });

  // Sentry's API is not among them: it cannot tell lists, links, tags and logs, which the arbitrary traces have.
  it.each(["otlp", "jaeger-v3", "jaeger-v1", "sentry"] as const)(
    "any trace that is %s already is not changed at all",
    (format) => {
      fc.assert(
        fc.property(arbitraryTrace(format), (trace) => {
          expect(passThrough(trace, format)).toEqual(trace);
        }),
      );
    },
  );
});
