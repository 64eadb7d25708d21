import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { FormatError, readSentryApiTrace, readTraces, writeTrace } from "../../src/index.ts";
import {
  orderIds,
  readRecordedBytes,
  readRecordedFile,
  readRecordedTrace,
  recordedFiles,
} from "./recorded-files.ts";

const finished = orderIds["order-finished"];

describe("the format of a file is told by its content", () => {
  it.each(recordedFiles.filter(({ format }) => format !== "otlp-protobuf"))(
    "$folder/$file is $format",
    ({ folder, file, format }) => {
      expect(readRecordedFile(folder, file)).toMatchObject({ format, skipped: [] });
    },
  );

  it.each(["otlp", "otlp-protobuf", "jaeger-v3", "jaeger-v1", "sentry", "sentry-api"] as const)(
    "what is written as %s is told from all others",
    (written) => {
      const trace = readRecordedTrace("order-failed", "*.envelope");
      const { format } = readTraces(writeTrace(trace, written), { traceId: trace.traceId });
      expect(format).toBe(written === "otlp-protobuf" ? "otlp" : written);
    },
  );

  it("as text, as bytes, and behind a byte order mark", () => {
    const bytes = readRecordedBytes("order-finished", "jaeger-v3.json");
    const expected = readTraces(bytes);
    expect(readTraces(bytes.toString())).toEqual(expected);
    expect(readTraces(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]))).toEqual(expected);
    expect(readTraces(`\n  ${bytes.toString()}\r\n`)).toEqual(expected);
  });

  it.each([
    ["nothing at all", "", "found nothing"],
    ["white space", " \n\t", "found nothing"],
    ["text", "hello", 'found "hello"'],
    ["a login page", "<!doctype html><title>Login</title>", "a page of HTML"],
    ["another object", '{"hello":1,"world":2}', 'found an object with "hello, world"'],
    ["an empty object", "{}", "found an empty object"],
    [
      "spans of Zipkin",
      '[{"traceId":"1","id":"2","name":"x"}]',
      'found a list of objects with "traceId, id, name"',
    ],
    ["a list of texts", '["a"]', "found a list of strings"],
    ["JSON cut short", '{"resourceSpans":[{"resource":', "is cut short"],
    [
      "an envelope's header alone",
      '{"event_id":"1","sent_at":"now"}',
      'found an object with "event_id, sent_at"',
    ],
    ["a page that breaks terminals", "\u001B[31mred\u001B[0m", String.raw`found " [31mred [0m"`],
  ])("%s is none, and the error says what was found", (_, content, found) => {
    const read = (): unknown => readTraces(content);
    expect(read).toThrow(FormatError);
    expect(read).toThrow(found);
    if (!found.includes("cut short")) expect(read).toThrow("Expected OTLP (JSON or protobuf)");
  });

  it("what gzip packed is told as that", () => {
    expect(() => readTraces(gzipSync("{}"))).toThrow("gzip");
  });

  it("files of two formats are none", () => {
    const two = [readRecordedBytes("special", "otlp.json"), readRecordedBytes("special", "jaeger-v1.json")];
    expect(() => readTraces(Buffer.concat(two))).toThrow(
      'found an object with "data, total, limit, offset, errors"',
    );
  });

  it("an answer without a trace has none", () => {
    const empty = [
      "[]",
      '{"result":{}}',
      '{"data":[],"total":0}',
      '{"data":[],"meta":{}}',
      '{"resourceSpans":[]}',
    ];
    for (const text of empty) expect(readTraces(text).traces.size).toBe(0);
  });
});

describe("an answer of Sentry's trace API", () => {
  const bytes = readRecordedBytes("order-failed", "sentry-api-trace.json");

  it("needs to be told which trace it is about, if it was not asked for its id", () => {
    expect(() => readTraces(bytes)).toThrow("give the trace's id");
    expect(
      readTraces(bytes, { traceId: orderIds["order-failed"].toUpperCase() }).traces.keys().next().value,
    ).toBe(orderIds["order-failed"]);
  });

  it("that names its trace is read as that one, and refused as another", () => {
    const named = writeTrace(readRecordedTrace("order-finished", "sentry-api-trace.json"), "sentry-api");
    expect([...readTraces(named).traces.keys()]).toEqual([finished]);
    expect(() => readTraces(named, { traceId: orderIds["order-failed"] })).toThrow(`found trace ${finished}`);
  });

  it("puts each error on the span that it nests in, with the service of that span", () => {
    const trace = readRecordedTrace("order-failed", "sentry-api-trace.json");
    const sent = readRecordedTrace("order-failed", "*.envelope");
    expect(trace.errors).toHaveLength(3);
    const place = ({ eventId, spanId, service, title }: (typeof sent.errors)[number]): unknown => [
      eventId,
      spanId,
      service,
      title,
    ];
    expect(new Set(trace.errors.map(place))).toEqual(new Set(sent.errors.map(place)));
  });

  it("tells of each span what the envelopes told, as far as it can", () => {
    const told = readRecordedTrace("order-finished", "sentry-api-trace.json");
    const sent = new Map(
      readRecordedTrace("order-finished", "*.envelope").spans.map((span) => [span.spanId, span]),
    );
    expect(told.spans).toHaveLength(sent.size);
    for (const { attributes, ...span } of told.spans) {
      const { attributes: all, endTimeUnixNano, startTimeUnixNano, ...rest } = sent.get(span.spanId) ?? {};
      expect(span).toMatchObject(rest);
      expect(all).toMatchObject(attributes);
      expect([Number(span.startTimeUnixNano), Number(span.endTimeUnixNano)]).toEqual([
        expect.closeTo(Number(startTimeUnixNano), -3),
        expect.closeTo(Number(endTimeUnixNano), -3),
      ]);
    }
  });

  it("with times as texts, as older versions have it, is read too", () => {
    const entry = {
      event_id: "00000000000000a1",
      event_type: "span",
      start_timestamp: "2026-11-21T15:52:59.489000",
      end_timestamp: "2026-11-21T15:52:59.500000+00:00",
      name: "old",
      children: [],
    };
    expect(readSentryApiTrace([entry], finished)?.spans).toMatchObject([
      {
        name: "old",
        service: "unknown",
        status: "unset",
        startTimeUnixNano: "1795276379489000000",
        endTimeUnixNano: "1795276379500000000",
      },
    ]);
  });

  it("without anything in it is no trace", () => {
    expect(readSentryApiTrace([], finished)).toBeUndefined();
  });

  it("that has a broken span is refused, as a gap would look like a loss of Sentry's", () => {
    const broken = [{ event_id: "x", event_type: "span", children: [] }];
    expect(() => readSentryApiTrace(broken, finished)).toThrow("1 × a span without an id");
  });
});
