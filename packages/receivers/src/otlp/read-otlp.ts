import { isFields, isNestedTooDeeply, readFields, readList, readString, type Fields } from "../plain.ts";
import { ReceiverError } from "../receiver-error.ts";
import type { OtlpLog, OtlpSpan, OtlpSpanKind } from "./model.ts";
import {
  demandId,
  readAnyValue,
  readAttributes,
  readEnum,
  readId,
  readNanoseconds,
  readResource,
  readScope,
  readUnsigned,
} from "./read-values.ts";
import { decodeProtobuf } from "./schema.ts";

const kinds: readonly OtlpSpanKind[] = ["internal", "internal", "server", "client", "producer", "consumer"];
const kindNames = ["UNSPECIFIED", ...kinds.slice(1)];
const statuses: readonly OtlpSpan["status"][] = ["unset", "ok", "error"];
/** Numbers 0 to 24, four steps to each level. */
const severityNames = [
  "UNSPECIFIED",
  ...["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"].flatMap((level) =>
    ["", "2", "3", "4"].map((step) => level + step),
  ),
];

/** Told why spans or log records cannot be read, and how many; all others still are. */
type Refuse = (error: ReceiverError, count: number) => void;

/**
 * Reads an export request for spans, protobuf or JSON by `contentType`. Without `refuse` a span that cannot be read
 * makes the whole request malformed.
 *
 * @throws ReceiverError `CONTENT_TYPE_UNKNOWN` or `OTLP_MALFORMED`
 */
export function readOtlpTraces(
  bytes: Uint8Array,
  contentType: string,
  refuse: Refuse = refuseAll,
): OtlpSpan[] {
  return readSpans(decode("traces", bytes, contentType), refuse);
}

/**
 * Reads an export request for log records, protobuf or JSON by `contentType`. Without `refuse` a record that cannot be
 * read makes the whole request malformed.
 *
 * @throws ReceiverError `CONTENT_TYPE_UNKNOWN` or `OTLP_MALFORMED`
 */
export function readOtlpLogs(bytes: Uint8Array, contentType: string, refuse: Refuse = refuseAll): OtlpLog[] {
  return readLogs(decode("logs", bytes, contentType), refuse);
}

/**
 * Reads an export request that has been decoded, in the shape of OTLP's JSON: spans, log records or both, as files may
 * hold them. One that is broken harms no other: `rejected` says why, and how many.
 */
export function readOtlpRequest(request: unknown): {
  spans: OtlpSpan[];
  logs: OtlpLog[];
  rejected: { reason: string; count: number }[];
} {
  const rejected: { reason: string; count: number }[] = [];
  const reject: Refuse = ({ message }, count) => void rejected.push({ reason: message, count });
  const fields = readFields(request);
  return { spans: readSpans(fields, reject), logs: readLogs(fields, reject), rejected };
}

const refuseAll: Refuse = (error) => {
  throw error;
};

function readSpans(request: Fields, refuse: Refuse): OtlpSpan[] {
  const spans: OtlpSpan[] = [];
  for (const entry of readList(request["resourceSpans"]).map(readFields)) {
    tryReading(
      refuse,
      entry["resource"],
      () => {
        const { resource, service } = readResource(entry);
        for (const scopeSpans of readList(entry["scopeSpans"]).map(readFields)) {
          const scope = readScope(scopeSpans["scope"]);
          for (const span of readList(scopeSpans["spans"])) {
            tryReading(refuse, span, () => {
              spans.push({ ...readSpan(readFields(span)), resource, scope, service });
            });
          }
        }
      },
      () => countInScopes(entry["scopeSpans"], "spans"),
    );
  }
  return spans;
}

function readLogs(request: Fields, refuse: Refuse): OtlpLog[] {
  const logs: OtlpLog[] = [];
  for (const entry of readList(request["resourceLogs"]).map(readFields)) {
    tryReading(
      refuse,
      entry["resource"],
      () => {
        const { resource, service } = readResource(entry);
        for (const scopeLogs of readList(entry["scopeLogs"]).map(readFields)) {
          const scope = readScope(scopeLogs["scope"]);
          for (const log of readList(scopeLogs["logRecords"])) {
            tryReading(refuse, log, () => {
              logs.push({ ...readLog(readFields(log)), resource, scope, service });
            });
          }
        }
      },
      () => countInScopes(entry["scopeLogs"], "logRecords"),
    );
  }
  return logs;
}

/** Reads one part of a request; recursive code is safe in it. */
function tryReading(refuse: Refuse, part: unknown, read: () => void, count = () => 1): void {
  try {
    if (isNestedTooDeeply(part)) throw new ReceiverError("OTLP_MALFORMED", "a part is nested too deeply");
    read();
  } catch (error) {
    if (!(error instanceof ReceiverError)) throw error;
    refuse(error, count());
  }
}

/** What goes with a resource that cannot be read. */
function countInScopes(scopes: unknown, field: "spans" | "logRecords"): number {
  return readList(scopes).reduce<number>((sum, scope) => sum + readList(readFields(scope)[field]).length, 0);
}

function readSpan(span: Fields): Omit<OtlpSpan, "resource" | "scope" | "service"> {
  const status = readFields(span["status"]);
  const parentSpanId = readId(span["parentSpanId"], 8);
  return {
    traceId: demandId(span["traceId"], 16),
    spanId: demandId(span["spanId"], 8),
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: readString(span["name"]) ?? "",
    kind: kinds[readEnum(span["kind"], "SPAN_KIND_", kindNames)] ?? "internal",
    status: statuses[readEnum(status["code"], "STATUS_CODE_", statuses)] ?? "unset",
    statusMessage: readString(status["message"]),
    startTimeUnixNano: readNanoseconds(span["startTimeUnixNano"]),
    endTimeUnixNano: readNanoseconds(span["endTimeUnixNano"]),
    attributes: readAttributes(span["attributes"]),
    events: readList(span["events"])
      .map(readFields)
      .map((event) => ({
        name: readString(event["name"]) ?? "",
        timeUnixNano: readNanoseconds(event["timeUnixNano"]),
        attributes: readAttributes(event["attributes"]),
      })),
    links: readList(span["links"])
      .map(readFields)
      .map((link) => ({
        traceId: demandId(link["traceId"], 16),
        spanId: demandId(link["spanId"], 8),
        attributes: readAttributes(link["attributes"]),
      })),
    traceState: readString(span["traceState"]),
    flags: readUnsigned(span["flags"]),
  };
}

function readLog(log: Fields): Omit<OtlpLog, "resource" | "scope" | "service"> {
  const time = readNanoseconds(log["timeUnixNano"]);
  return {
    traceId: readId(log["traceId"], 16),
    spanId: readId(log["spanId"], 8),
    timeUnixNano: time === 0n ? readNanoseconds(log["observedTimeUnixNano"]) : time,
    severityNumber: readEnum(log["severityNumber"], "SEVERITY_NUMBER_", severityNames),
    severityText: readString(log["severityText"]),
    body: readAnyValue(log["body"]),
    attributes: readAttributes(log["attributes"]),
  };
}

function decode(signal: "traces" | "logs", bytes: Uint8Array, contentType: string): Fields {
  const mediaType = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  let decoded: unknown;
  try {
    if (mediaType === "application/x-protobuf") decoded = decodeProtobuf(signal, bytes);
    else if (mediaType === "application/json") decoded = JSON.parse(new TextDecoder().decode(bytes));
    else {
      const known = "application/x-protobuf or application/json";
      throw new ReceiverError("CONTENT_TYPE_UNKNOWN", `OTLP comes as ${known}, not as "${mediaType}"`);
    }
  } catch (cause) {
    if (cause instanceof ReceiverError) throw cause;
    throw new ReceiverError("OTLP_MALFORMED", `the body is no ${mediaType} of OTLP`, { cause });
  }
  if (!isFields(decoded)) throw new ReceiverError("OTLP_MALFORMED", "the body is no object");
  return decoded;
}
