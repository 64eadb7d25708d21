import { FormatError } from "./format-error.ts";

/** A resource with its spans or log records, as bytes of a field of its own, so that several may be put together. */
export interface ProtobufPart {
  signal: "traces" | "logs";
  bytes: Uint8Array;
}

interface Field {
  number: number;
  wireType: number;
  /** With its tag. */
  whole: Uint8Array;
  content: Uint8Array;
}

const lengthDelimited = 2;
const lengthBytes = 4;

/**
 * Parts OTLP export requests in protobuf: one, several one after another, or each behind its length in four bytes, as
 * the collector's file exporter writes them. Requests for traces and for logs do not name their kind; their records do,
 * by the type of their first field: a trace id in bytes, or a time.
 *
 * @throws FormatError when it is none of these
 */
export function splitProtobuf(bytes: Uint8Array): ProtobufPart[] {
  // No field has the number 0, so that the first byte tells a length (of up to 16 MiB) from a field.
  const messages = bytes[0] === 0 ? readLengthPrefixed(bytes) : [bytes];
  const fields = messages.flatMap(readFields);
  if (
    fields.length === 0 ||
    fields.some(({ number, wireType }) => number !== 1 || wireType !== lengthDelimited)
  ) {
    throw malformed();
  }
  return fields.map(({ whole, content }) => ({ signal: readSignal(content), bytes: whole }));
}

function readLengthPrefixed(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const messages: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + lengthBytes > bytes.length) throw malformed();
    const end = at + lengthBytes + view.getUint32(at);
    if (end > bytes.length) throw malformed();
    messages.push(bytes.subarray(at + lengthBytes, end));
    at = end;
  }
  return messages;
}

/** A resource's second field is its scopes, whose second is the records. */
function readSignal(resourceEntry: Uint8Array): ProtobufPart["signal"] {
  for (const scope of readFields(resourceEntry).filter(({ number }) => number === 2)) {
    const record = readFields(scope.content).find(({ number }) => number === 2);
    const [first] = record ? readFields(record.content) : [];
    if (first) return first.number === 1 && first.wireType === lengthDelimited ? "traces" : "logs";
  }
  return "traces";
}

/** https://protobuf.dev/programming-guides/encoding/ */
function readFields(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = readVarint(bytes, at);
    const wireType = tag.value & 7;
    const { start, end } = findContent(bytes, tag.end, wireType);
    if (end > bytes.length || tag.value < 8) throw malformed();
    fields.push({
      number: tag.value >>> 3,
      wireType,
      whole: bytes.subarray(at, end),
      content: bytes.subarray(start, end),
    });
    at = end;
  }
  return fields;
}

function findContent(bytes: Uint8Array, start: number, wireType: number): { start: number; end: number } {
  switch (wireType) {
    case 0:
      return { start, end: readVarint(bytes, start).end };
    case 1:
      return { start, end: start + 8 };
    case lengthDelimited: {
      const length = readVarint(bytes, start);
      return { start: length.end, end: length.end + length.value };
    }
    case 5:
      return { start, end: start + 4 };
    default:
      throw malformed();
  }
}

/** Exact up to 2^53; beyond that no length fits and no tag is one of ours. */
function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let index = 0; index < 10; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, end: start + index + 1 };
  }
  throw malformed();
}

function malformed(): FormatError {
  return new FormatError("Expected OTLP in protobuf, found other bytes, or a file that is cut short.");
}
