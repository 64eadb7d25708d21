import { SpanKind, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
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

  it.each([
    ["protobuf", ProtobufLogsSerializer, "application/x-protobuf"],
    ["JSON", JsonLogsSerializer, "application/json"],
  ])("a log in %s is read with every field", (_name, serializer, contentType) => {
    const bytes = serializer.serializeRequest([
      {
        hrTime: [0, 0],
        hrTimeObserved: [1_795_206_248, 7],
        spanContext: { traceId, spanId, traceFlags: TraceFlags.SAMPLED },
        severityText: "warn",
        severityNumber: 13,
        body: { step: ["a", 1] },
        resource: resourceFromAttributes({ "service.name": "factory" }),
        instrumentationScope: { name: "pino" },
        attributes: { orderId: "alice", raw: new Uint8Array([0, 255]) },
        droppedAttributesCount: 0,
      },
    ]);
    const [log] = readOtlpLogs(bytes ?? new Uint8Array(), contentType);
    expect(log).toMatchObject({
      traceId,
      spanId,
      timeUnixNano: 1_795_206_248_000_000_007n,
      severityText: "warn",
      severityNumber: 13,
      body: { step: ["a", 1] },
      attributes: { orderId: "alice" },
      service: "factory",
      scope: { name: "pino" },
    });
    expect(Buffer.from(log?.attributes["raw"] as Uint8Array)).toEqual(Buffer.from([0, 255]));
  });
});

function nested(levels: number): unknown {
  let value: unknown = { stringValue: "x" };
  for (let level = 0; level < levels; level += 1) value = { arrayValue: { values: [value] } };
  return value;
}

describe("OTLP JSON as other programs write it", () => {
  const request = (fields: Record<string, unknown>): Uint8Array =>
    Buffer.from(
      JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId, spanId, ...fields }] }] }] }),
    );

  it("may name enums instead of numbering them", () => {
    const bytes = request({ kind: "SPAN_KIND_SERVER", status: { code: "STATUS_CODE_ERROR" } });
    expect(readOtlpTraces(bytes, "application/json")).toMatchObject([{ kind: "server", status: "error" }]);
  });

  it("may name the severity of a log", () => {
    const logRecords = [{ severityNumber: "SEVERITY_NUMBER_WARN2" }, { severityNumber: "LOUD" }];
    const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
    const logs = readOtlpLogs(Buffer.from(body), "application/json");
    expect(logs.map((log) => log.severityNumber)).toEqual([14, 0]);
  });

  it("may write a missing parent as zeros, and times as numbers", () => {
    const fields = { parentSpanId: "0".repeat(16), startTimeUnixNano: 5 };
    const [read] = readOtlpTraces(request(fields), "application/json");
    expect(read?.startTimeUnixNano).toBe(5n);
    expect(read).not.toHaveProperty("parentSpanId");
  });

  it("keeps an attribute whatever it is called", () => {
    const attributes = [{ key: "__proto__", value: { stringValue: "x" } }];
    const [read] = readOtlpTraces(request({ attributes }), "application/json");
    expect(Object.entries(read?.attributes ?? {})).toEqual([["__proto__", "x"]]);
  });

  it("may hold anything in place of a number and is read as far as it can be", () => {
    const odd = [{ toString: false }];
    const attributes = [{ key: "ratio", value: { doubleValue: odd } }];
    const [read] = readOtlpTraces(
      request({ kind: odd, flags: odd, status: { code: odd }, attributes }),
      "application/json",
    );
    expect(read).toMatchObject({
      kind: "internal",
      flags: 0,
      status: "unset",
      attributes: { ratio: Number.NaN },
    });
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
    ["a trace id of zeros", { traceId: "0".repeat(32) }],
    ["a time that is no integer", { startTimeUnixNano: "soon" }],
    ["a time before 1970", { startTimeUnixNano: "-1" }],
    ["a time beyond 64 bits", { endTimeUnixNano: "18446744073709551616" }],
    ["an integer beyond 64 bits", { attributes: [{ key: "a", value: { intValue: "9223372036854775808" } }] }],
    ["a link without ids", { links: [{}] }],
    ["a value nested 500 deep", { attributes: [{ key: "deep", value: nested(500) }] }],
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
