import { SpanKind, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import { readOtlpLogs, readOtlpTraces } from "../src/index.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";
const parentSpanId = "00f067aa0ba902b7";
const span: ReadableSpan = {
  name: "process order",
  kind: SpanKind.CONSUMER,
  spanContext: () => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED }),
  parentSpanContext: { traceId, spanId: parentSpanId, traceFlags: TraceFlags.SAMPLED, isRemote: true },
  startTime: [1_795_206_248, 123_456_789],
  endTime: [1_795_206_249, 1],
  status: { code: SpanStatusCode.ERROR, message: "no stock" },
  attributes: { text: "a", count: 7, ratio: 0.5, yes: true, list: ["x", "y"], big: 2 ** 52 },
  links: [
    {
      context: { traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 },
      attributes: { why: "batch" },
    },
  ],
  events: [{ name: "exception", time: [1_795_206_248, 5], attributes: { "exception.type": "Error" } }],
  duration: [0, 876_543_212],
  ended: true,
  resource: resourceFromAttributes({ "service.name": "order" }),
  instrumentationScope: { name: "amqplib", version: "0.71.0" },
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
};
const expected = {
  traceId,
  spanId,
  parentSpanId,
  name: "process order",
  kind: "consumer",
  status: "error",
  statusMessage: "no stock",
  startTimeUnixNano: 1_795_206_248_123_456_789n,
  endTimeUnixNano: 1_795_206_249_000_000_001n,
  attributes: { text: "a", count: 7, ratio: 0.5, yes: true, list: ["x", "y"], big: 2 ** 52 },
  events: [
    {
      name: "exception",
      timeUnixNano: 1_795_206_248_000_000_005n,
      attributes: { "exception.type": "Error" },
    },
  ],
  links: [{ traceId: "1".repeat(32), spanId: "2".repeat(16), attributes: { why: "batch" } }],
  resource: { "service.name": "order" },
  scope: { name: "amqplib", version: "0.71.0" },
  service: "order",
};

describe("OTLP as OpenTelemetry's own serialisers write it", () => {
  it.each([
    ["protobuf", ProtobufTraceSerializer, "application/x-protobuf"],
    ["JSON", JsonTraceSerializer, "application/json; charset=utf-8"],
  ])("%s is read with every field", (_name, serializer, contentType) => {
    const bytes = serializer.serializeRequest([span]);
    expect(readOtlpTraces(bytes ?? new Uint8Array(), contentType)).toMatchObject([expected]);
  });
});

describe("OTLP JSON as other programs write it", () => {
  const request = (fields: Record<string, unknown>): Uint8Array =>
    Buffer.from(
      JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId, spanId, ...fields }] }] }] }),
    );

  it("may name enums instead of numbering them", () => {
    const bytes = request({ kind: "SPAN_KIND_SERVER", status: { code: "STATUS_CODE_ERROR" } });
    expect(readOtlpTraces(bytes, "application/json")).toMatchObject([{ kind: "server", status: "error" }]);
  });

  it("may leave out every field that has its default value", () => {
    expect(readOtlpTraces(request({}), "application/json")).toMatchObject([
      {
        name: "",
        kind: "internal",
        status: "unset",
        startTimeUnixNano: 0n,
        attributes: {},
        events: [],
        links: [],
      },
    ]);
  });

  it("may hold integers that no number can hold, nested values and bytes", () => {
    const attributes = [
      { key: "big", value: { intValue: "9007199254740993" } },
      { key: "map", value: { kvlistValue: { values: [{ key: "a", value: { intValue: "1" } }] } } },
      { key: "bytes", value: { bytesValue: "AAEC" } },
      { key: "nothing", value: {} },
    ];
    const [read] = readOtlpTraces(request({ attributes }), "application/json");
    expect(read?.attributes).toMatchObject({ big: 9_007_199_254_740_993n, map: { a: 1 }, nothing: null });
    expect(Buffer.from(read?.attributes["bytes"] as Uint8Array)).toEqual(Buffer.from([0, 1, 2]));
  });

  it("carries log records with their trace", () => {
    const record = {
      timeUnixNano: "5",
      severityNumber: 9,
      severityText: "INFO",
      body: { stringValue: "hi" },
      traceId,
      spanId,
    };
    const resource = { attributes: [{ key: "service.name", value: { stringValue: "web" } }] };
    const body = {
      resourceLogs: [{ resource, scopeLogs: [{ scope: { name: "pino" }, logRecords: [record] }] }],
    };
    expect(readOtlpLogs(Buffer.from(JSON.stringify(body)), "application/json")).toMatchObject([
      {
        traceId,
        spanId,
        timeUnixNano: 5n,
        severityNumber: 9,
        body: "hi",
        service: "web",
        scope: { name: "pino" },
      },
    ]);
  });

  it.each([
    ["a short trace id", { traceId: "abc" }],
    ["no span id", { spanId: undefined }],
    ["a time that is no integer", { startTimeUnixNano: "soon" }],
  ])("with %s is refused as malformed", (_name, fields) => {
    expect(() => readOtlpTraces(request(fields), "application/json")).toThrow(
      expect.objectContaining({ code: "OTLP_MALFORMED", status: 400 }),
    );
  });

  it("of another content type is refused as such", () => {
    expect(() => readOtlpTraces(request({}), "text/plain")).toThrow(
      expect.objectContaining({ code: "CONTENT_TYPE_UNKNOWN", status: 415 }),
    );
  });
});
