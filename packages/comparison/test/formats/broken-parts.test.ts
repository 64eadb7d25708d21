import { describe, expect, it } from "vitest";
import { readTraces } from "../../src/index.ts";

describe("what is broken in a file is counted, and harms nothing else", () => {
  const spans = (content: string): { names: string[]; skipped: unknown } => {
    const { traces, skipped } = readTraces(content);
    return { names: [...traces.values()].flatMap((trace) => trace.spans.map(({ name }) => name)), skipped };
  };
  const traceId = "a".repeat(32);
  const spanId = "b".repeat(16);
  const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;

  it("in OTLP", () => {
    const good = { traceId, spanId, name: "good", startTimeUnixNano: "1", endTimeUnixNano: "2" };
    const bad = [
      { ...good, traceId: "x" },
      { ...good, spanId: undefined },
      { ...good, spanId: "0".repeat(16) },
      { ...good, startTimeUnixNano: "soon" },
      { ...good, links: [{}] },
      {
        ...good,
        attributes: [
          {
            key: "deep",
            value: JSON.parse(`${'{"arrayValue":{"values":['.repeat(200)}${"]}}".repeat(200)}`) as unknown,
          },
        ],
      },
      null,
      "text",
      7,
    ];
    const resourceSpans = [
      {
        resource: { attributes: [{ key: "x", value: { intValue: "many" } }] },
        scopeSpans: [{ spans: [good, good] }],
      },
      5,
      { scopeSpans: [{ spans: [...bad, good] }, "x"] },
    ];
    expect(spans(JSON.stringify({ resourceSpans }))).toEqual({
      names: ["good"],
      skipped: [
        { reason: "an intValue is no 64-bit integer", count: 2 },
        { reason: "an id is not 32 hex digits long", count: 1 },
        { reason: "a span or link has no id", count: 6 },
        { reason: "a time is no unsigned 64-bit integer", count: 1 },
        { reason: "a part is nested too deeply", count: 1 },
      ],
    });
  });

  it("in Jaeger's API v1", () => {
    const good = { traceID: traceId, spanID: spanId, operationName: "good", startTime: 1, duration: 1 };
    const bad = [
      { ...good, traceID: "x" },
      { ...good, spanID: 7 },
      { ...good, startTime: "1" },
      { ...good, duration: null },
      null,
      [],
    ];
    const odd = {
      ...good,
      operationName: "odd",
      references: [7, {}],
      tags: [null, { key: 1 }],
      logs: ["x", {}],
      processID: {},
    };
    const content = `{"data":[{"spans":${JSON.stringify([...bad, odd, good])},"processes":{"p1":7}},{"spans":{}},"x"]}`;
    expect(spans(content)).toEqual({
      names: ["odd", "good"],
      skipped: [
        { reason: "a span without ids", count: 4 },
        { reason: "a span without its times", count: 2 },
      ],
    });
  });

  it("in Sentry's envelopes", () => {
    const item = { trace_id: traceId, span_id: spanId, name: "good", start_timestamp: 1, end_timestamp: 2 };
    const lines = [
      "{}",
      '{"type":"span"}',
      JSON.stringify({ items: [{ ...item, span_id: "x" }, item] }),
      "this line is none",
      '{"type":"span"}',
      JSON.stringify({ items: [item] }),
      "{}",
      '{"type":"log"}',
      deep,
      '{"type":"event"}',
      '{"event_id":"1"}',
      "{}",
      '{"type":"span","length":100000000}',
      "{}",
    ];
    expect(spans(lines.join("\n"))).toEqual({
      names: ["good"],
      skipped: [
        { reason: "a line that is no part of an envelope", count: 2 },
        { reason: "an item that is no span", count: 1 },
        { reason: "an error outside any trace", count: 1 },
        { reason: "an item that is no log", count: 1 },
        { reason: "a malformed envelope", count: 1 },
      ],
    });
  });

  it("in answers of Sentry's API", () => {
    const good = {
      event_id: spanId,
      event_type: "span",
      name: "good",
      start_timestamp: 1,
      end_timestamp: 2,
      children: null,
      additional_attributes: { trace: traceId },
    };
    const bad = [
      { ...good, event_id: "7" },
      { ...good, start_timestamp: "soon" },
      { event_id: "x", event_type: "other" },
      { event_id: "x", event_type: "error" },
    ];
    expect(spans(JSON.stringify([...bad, { ...good, children: [7, null, good] }]))).toEqual({
      names: ["good", "good"],
      skipped: [
        { reason: "a span without an id", count: 1 },
        { reason: "a span without its times", count: 1 },
        { reason: "something that is neither span nor error", count: 3 },
        { reason: "an error without an id", count: 1 },
      ],
    });
  });

  it("in answers of Sentry's search", () => {
    const good = {
      id: spanId,
      trace: traceId,
      "span.name": "good",
      "precise.start_ts": 1,
      "precise.finish_ts": 2,
    };
    const data = [null, 7, { ...good, trace: null }, { ...good, "precise.finish_ts": null }, good];
    expect(spans(JSON.stringify({ data, meta: {} }))).toEqual({
      names: ["good"],
      skipped: [
        { reason: "a span without ids", count: 3 },
        { reason: "a span without precise.start_ts and precise.finish_ts", count: 1 },
      ],
    });
  });
});
