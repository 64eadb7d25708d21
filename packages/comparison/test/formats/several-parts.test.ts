import { describe, expect, it } from "vitest";
import { readTraces, writeTrace } from "../../src/index.ts";
import { readRecordedBytes, readRecordedFile, readRecordedTrace } from "./recorded-files.ts";

const otlp = readRecordedTrace("order-finished", "otlp-traces.jsonl");
const failed = readRecordedTrace("order-failed", "otlp-traces.jsonl");

/** As the collector's file exporter with `format: proto` writes requests: each behind its length. */
function withLength(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

describe("a file that holds several parts", () => {
  it("of OTLP in protobuf, one after another, is read as one", () => {
    const parts = [otlp, failed].map((trace) => writeTrace(trace, "otlp-protobuf"));
    const { traces, skipped } = readTraces(Buffer.concat(parts));
    expect(skipped).toEqual([]);
    expect([...traces.values()]).toEqual([otlp, failed]);
  });

  it("of OTLP in protobuf, each behind its length, is read as one", () => {
    const logs = readRecordedTrace("order-finished", "otlp-logs.jsonl");
    const parts = [otlp, failed, logs].map((trace) => withLength(writeTrace(trace, "otlp-protobuf")));
    const { traces } = readTraces(Buffer.concat(parts));
    expect([...traces.values()]).toEqual([{ ...otlp, logs: logs.logs }, failed]);
  });

  it("of OTLP in protobuf tells logs from spans, also a log without a time", () => {
    const { logs } = readRecordedTrace("order-finished", "otlp-logs.jsonl");
    const trace = { ...otlp, spans: [], logs: logs.map((log) => ({ ...log, timeUnixNano: "0" })) };
    expect(readTraces(writeTrace(trace, "otlp-protobuf")).traces.get(otlp.traceId)).toEqual(trace);
  });

  it("of OTLP in protobuf is told from JSON, however much its length looks like a brace", () => {
    // A request of 123 bytes begins with a line break and "{".
    for (let length = 0; length < 200; length += 1) {
      const [span] = otlp.spans;
      if (!span) throw new Error("no span");
      const short = {
        ...span,
        name: "x".repeat(length),
        service: "unknown",
        attributes: {},
        resource: {},
        scope: undefined,
      };
      const trace = { ...otlp, spans: [short] };
      const { traces } = readTraces(writeTrace(trace, "otlp-protobuf"));
      expect(traces.get(otlp.traceId)?.spans[0]?.name).toBe(short.name);
    }
  });

  it("of OTLP in JSON, a request in a line for spans or for logs, is read as one", () => {
    const logs = readRecordedTrace("order-finished", "otlp-logs.jsonl");
    const files = ["otlp-traces.jsonl", "otlp-logs.jsonl"].map((file) =>
      readRecordedBytes("order-finished", file),
    );
    const { traces, skipped } = readTraces(Buffer.concat(files));
    expect(skipped).toEqual([]);
    expect(traces.get(otlp.traceId)).toEqual({ ...otlp, logs: logs.logs });
  });

  it("of OTLP in JSON that is still being written is read up to the line that is cut short", () => {
    const bytes = readRecordedBytes("order-finished", "otlp-traces.jsonl");
    const lastLine = bytes.lastIndexOf("\n", bytes.length - 2) + 1;
    const { traces, skipped } = readTraces(bytes.subarray(0, lastLine + 50));
    expect(skipped).toEqual([{ reason: "a line that is no JSON", count: 1 }]);
    expect([...traces.values()]).toEqual([...readTraces(bytes.subarray(0, lastLine)).traces.values()]);
  });

  it("of Jaeger's answers, one after another in one line, is read as one", () => {
    const answers = ["order-finished", "order-failed"].map((folder) =>
      readRecordedBytes(folder, "jaeger-v3.json"),
    );
    const { traces } = readTraces(
      Buffer.concat(answers.map((answer) => Buffer.from(answer.toString().trim()))),
    );
    expect([...traces.values()].map(({ spans }) => spans.length)).toEqual([23, 32]);
  });

  it("of envelopes is read as one, put together by cat or with line breaks between them", () => {
    const joined = readRecordedFile("order-failed", "*.envelope");
    expect(joined.skipped).toEqual([]);
    expect(joined.traces.get(failed.traceId)).toMatchObject({ format: "sentry", errors: { length: 3 } });
    expect(joined.traces.get(failed.traceId)?.spans).toHaveLength(32);
    const files = readRecordedBytes("order-failed", "*.envelope")
      .toString()
      .replaceAll('}{"event_id', '}\n\n{"event_id');
    expect(readTraces(files)).toEqual(joined);
    expect(readTraces(files.replaceAll("\n", "\r\n"))).toEqual(joined);
  });

  it("of envelopes with an attachment of any bytes is read around it", () => {
    const attachment = Buffer.from([0x7b, 0x0a, 0x00, 0xff, 0x0a, 0x7d]);
    const first = Buffer.concat([
      Buffer.from(`{}\n{"type":"attachment","length":${attachment.length}}\n`),
      attachment,
      Buffer.from("\n"),
    ]);
    const bytes = Buffer.concat([first, readRecordedBytes("order-finished", "*.envelope")]);
    expect(readTraces(bytes)).toEqual(readRecordedFile("order-finished", "*.envelope"));
  });
});
