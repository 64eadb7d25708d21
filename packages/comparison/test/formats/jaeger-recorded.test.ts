import { describe, expect, it } from "vitest";
import {
  FormatError,
  readJaegerV1Trace,
  readJaegerV3Trace,
  readTraces,
  writeTrace,
  type Trace,
  type TraceSpan,
} from "../../src/index.ts";
import {
  orderIds,
  readRecordedBytes,
  readRecordedFile,
  readRecordedTrace,
  sortSpans,
} from "./recorded-files.ts";

const orders = ["order-finished", "order-failed"] as const;
const everything = [...orders, "special"] as const;

function readJson(folder: string, file: string): unknown {
  return JSON.parse(readRecordedBytes(folder, file).toString());
}

/** What Jaeger 2.13.0 does to a span when it arrives (test/recorded/README.md). */
function changeOnArrival(span: TraceSpan): TraceSpan {
  const isBackwards = BigInt(span.endTimeUnixNano) <= BigInt(span.startTimeUnixNano);
  const name = span.resource["service.name"];
  const service =
    name === undefined ? "missing-service-name" : name === "" ? "empty-service-name" : span.service;
  return {
    ...span,
    service,
    resource: { ...span.resource, "service.name": service },
    ...(isBackwards ? { endTimeUnixNano: (BigInt(span.startTimeUnixNano) + 1n).toString() } : {}),
  };
}

/** What was sent, as Jaeger keeps it: spans only. */
function readSent(folder: (typeof everything)[number]): Trace {
  const sent = readRecordedTrace(folder, folder === "special" ? "otlp.json" : "otlp-traces.jsonl");
  return { ...sent, format: "jaeger-v3", spans: sent.spans.map(changeOnArrival) };
}

describe("what a real Jaeger answered", () => {
  it.each(everything)("tells by API v3 exactly what was sent: %s", (folder) => {
    const told = readJaegerV3Trace(readJson(folder, "jaeger-v3.json"));
    expect(sortSpans(told)).toEqual(sortSpans(readSent(folder)));
  });

  it.each(everything)("tells by API v1 what our own writer makes of API v3, in its order: %s", (folder) => {
    const byV3 = readRecordedTrace(folder, "jaeger-v3.json");
    const written = readTraces(writeTrace(byV3, "jaeger-v1")).traces.get(byV3.traceId);
    expect(readJaegerV1Trace(readJson(folder, "jaeger-v1.json"))).toEqual(written);
  });

  it.each(orders)("by API v1 is byte for byte what our own writer writes: %s", (folder) => {
    const byV3 = readRecordedTrace(folder, "jaeger-v3.json");
    const written: unknown = JSON.parse(Buffer.from(writeTrace(byV3, "jaeger-v1")).toString());
    expect(withoutProcessOrder(written)).toEqual(withoutProcessOrder(readJson(folder, "jaeger-v1.json")));
  });

  it.each([
    ["search-v3.json", "jaeger-v3"],
    ["search-v1.json", "jaeger-v1"],
  ])("to a search, in %s, has two traces that are told apart by their ids", (file, format) => {
    const { traces, skipped } = readRecordedFile("jaeger", file);
    expect(skipped).toEqual([]);
    expect(traces.size).toBe(2);
    for (const [traceId, trace] of traces) {
      expect(trace).toMatchObject({ traceId, format });
      expect(trace.spans.length).toBeGreaterThan(0);
      expect(trace.spans.every((span) => span.traceId === traceId)).toBe(true);
    }
  });

  it("to a search is no single trace", () => {
    expect(() => readJaegerV3Trace(readJson("jaeger", "search-v3.json"))).toThrow(FormatError);
    expect(() => readJaegerV1Trace(readJson("jaeger", "search-v1.json"))).toThrow("found 2 traces");
  });

  it("shows its own warnings in neither version", () => {
    for (const file of [
      "jaeger-v3.json",
      "jaeger-v1.json",
      "jaeger-v3-adjusted.json",
      "jaeger-v1-adjusted.json",
    ]) {
      expect(readRecordedBytes("special", file).toString()).toContain("Negative duration");
      expect(JSON.stringify(readRecordedTrace("special", file))).not.toContain("Negative duration");
    }
  });

  it("about a trace that it does not know is an error that says so", () => {
    const answers = readJson("jaeger", "answers.json") as { path: string; status: number; body: string }[];
    const refusals = answers.filter(
      ({ path, status }) => status === 404 && /\/api\/(v3\/)?traces\//.test(path),
    );
    expect(refusals.length).toBeGreaterThan(1);
    for (const { body } of refusals)
      expect(() => readTraces(body)).toThrow(/Jaeger answers with an error: ".*found/i);
  });

  it("has the failed order's error status and exception on the same spans by both versions", () => {
    const failed = (trace: Trace): unknown =>
      trace.spans
        .filter(({ status }) => status === "error")
        .map(({ spanId, events }) => [spanId, events.map(({ name }) => name)]);
    const byV3 = failed(readRecordedTrace("order-failed", "jaeger-v3.json"));
    expect(byV3).not.toEqual([]);
    expect(failed(readRecordedTrace("order-failed", "jaeger-v1.json"))).toEqual(byV3);
    expect(orderIds["order-failed"]).toBe(readRecordedTrace("order-failed", "jaeger-v1.json").traceId);
  });
});

/** Jaeger numbers processes as its map yields them. */
function withoutProcessOrder(json: unknown): unknown {
  const { data } = json as { data: { spans: { processID: string }[]; processes: Record<string, unknown> }[] };
  return data.map(({ spans, processes, ...trace }) => ({
    ...trace,
    spans: spans.map(({ processID, ...span }) => ({ ...span, process: processes[processID] })),
  }));
}
