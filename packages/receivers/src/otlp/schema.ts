import protobuf from "protobufjs/light.js";

/**
 * The messages of OTLP that we read, with the field numbers of
 * https://github.com/open-telemetry/opentelemetry-proto (v1: common, resource, trace, logs, collector).
 */
const root = protobuf.Root.fromJSON({
  nested: {
    AnyValue: {
      oneofs: {
        value: {
          oneof: [
            "stringValue",
            "boolValue",
            "intValue",
            "doubleValue",
            "arrayValue",
            "kvlistValue",
            "bytesValue",
          ],
        },
      },
      fields: {
        stringValue: { type: "string", id: 1 },
        boolValue: { type: "bool", id: 2 },
        intValue: { type: "int64", id: 3 },
        doubleValue: { type: "double", id: 4 },
        arrayValue: { type: "ArrayValue", id: 5 },
        kvlistValue: { type: "KeyValueList", id: 6 },
        bytesValue: { type: "bytes", id: 7 },
      },
    },
    ArrayValue: { fields: { values: { rule: "repeated", type: "AnyValue", id: 1 } } },
    KeyValueList: { fields: { values: { rule: "repeated", type: "KeyValue", id: 1 } } },
    KeyValue: { fields: { key: { type: "string", id: 1 }, value: { type: "AnyValue", id: 2 } } },
    Resource: { fields: { attributes: { rule: "repeated", type: "KeyValue", id: 1 } } },
    InstrumentationScope: { fields: { name: { type: "string", id: 1 }, version: { type: "string", id: 2 } } },
    Span: {
      fields: {
        traceId: { type: "bytes", id: 1 },
        spanId: { type: "bytes", id: 2 },
        traceState: { type: "string", id: 3 },
        parentSpanId: { type: "bytes", id: 4 },
        name: { type: "string", id: 5 },
        kind: { type: "int32", id: 6 },
        startTimeUnixNano: { type: "fixed64", id: 7 },
        endTimeUnixNano: { type: "fixed64", id: 8 },
        attributes: { rule: "repeated", type: "KeyValue", id: 9 },
        events: { rule: "repeated", type: "Event", id: 11 },
        links: { rule: "repeated", type: "Link", id: 13 },
        status: { type: "Status", id: 15 },
        flags: { type: "fixed32", id: 16 },
      },
    },
    Event: {
      fields: {
        timeUnixNano: { type: "fixed64", id: 1 },
        name: { type: "string", id: 2 },
        attributes: { rule: "repeated", type: "KeyValue", id: 3 },
      },
    },
    Link: {
      fields: {
        traceId: { type: "bytes", id: 1 },
        spanId: { type: "bytes", id: 2 },
        attributes: { rule: "repeated", type: "KeyValue", id: 4 },
      },
    },
    Status: { fields: { message: { type: "string", id: 2 }, code: { type: "int32", id: 3 } } },
    ScopeSpans: {
      fields: {
        scope: { type: "InstrumentationScope", id: 1 },
        spans: { rule: "repeated", type: "Span", id: 2 },
      },
    },
    ResourceSpans: {
      fields: {
        resource: { type: "Resource", id: 1 },
        scopeSpans: { rule: "repeated", type: "ScopeSpans", id: 2 },
      },
    },
    ExportTraceServiceRequest: {
      fields: { resourceSpans: { rule: "repeated", type: "ResourceSpans", id: 1 } },
    },
    LogRecord: {
      fields: {
        timeUnixNano: { type: "fixed64", id: 1 },
        severityNumber: { type: "int32", id: 2 },
        severityText: { type: "string", id: 3 },
        body: { type: "AnyValue", id: 5 },
        attributes: { rule: "repeated", type: "KeyValue", id: 6 },
        traceId: { type: "bytes", id: 9 },
        spanId: { type: "bytes", id: 10 },
        observedTimeUnixNano: { type: "fixed64", id: 11 },
      },
    },
    ScopeLogs: {
      fields: {
        scope: { type: "InstrumentationScope", id: 1 },
        logRecords: { rule: "repeated", type: "LogRecord", id: 2 },
      },
    },
    ResourceLogs: {
      fields: {
        resource: { type: "Resource", id: 1 },
        scopeLogs: { rule: "repeated", type: "ScopeLogs", id: 2 },
      },
    },
    /** https://github.com/googleapis/googleapis/blob/master/google/rpc/status.proto */
    RpcStatus: { fields: { code: { type: "int32", id: 1 }, message: { type: "string", id: 2 } } },
    /** Of traces and of logs: they differ in the name of the count only. */
    ExportPartialSuccess: {
      fields: { rejected: { type: "int64", id: 1 }, errorMessage: { type: "string", id: 2 } },
    },
    ExportServiceResponse: { fields: { partialSuccess: { type: "ExportPartialSuccess", id: 1 } } },
    ExportLogsServiceRequest: { fields: { resourceLogs: { rule: "repeated", type: "ResourceLogs", id: 1 } } },
  },
});

const types = {
  traces: root.lookupType("ExportTraceServiceRequest"),
  logs: root.lookupType("ExportLogsServiceRequest"),
};

const exportResponse = root.lookupType("ExportServiceResponse");
const rpcStatus = root.lookupType("RpcStatus");

/** The body of an answer that refuses a protobuf request. OTLP's clients look at the message only. */
export function encodeStatus(message: string): Uint8Array {
  return rpcStatus.encode({ message }).finish();
}

/** The body of an answer that keeps most of a request but not all of it. */
export function encodePartialSuccess(rejected: number, errorMessage: string): Uint8Array {
  return exportResponse.encode({ partialSuccess: { rejected, errorMessage } }).finish();
}

/** Decodes a protobuf request into the shape that OTLP's JSON has, 64-bit integers as strings, ids as bytes. */
export function decodeProtobuf(signal: keyof typeof types, bytes: Uint8Array): unknown {
  const type = types[signal];
  return type.toObject(type.decode(bytes), { longs: String, oneofs: false });
}

/**
 * Encodes a request in the shape of OTLP's JSON: ids in hexadecimal, 64-bit integers as strings, bytes as base64.
 *
 * @throws Error for what the messages cannot hold
 */
export function encodeProtobuf(signal: keyof typeof types, request: object): Uint8Array {
  const type = types[signal];
  return type.encode(type.fromObject(writeIds(request) as object)).finish();
}

/** Protobuf has ids as bytes, which `fromObject` would read as base64. */
function writeIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(writeIds);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      typeof inner === "string" && /^(trace|span|parentSpan)Id$/.test(key)
        ? Buffer.from(inner, "hex")
        : writeIds(inner),
    ]),
  );
}
