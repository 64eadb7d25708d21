import { readFields, readList, readString, type Fields } from "../plain.ts";
import { ReceiverError } from "../receiver-error.ts";

/** `[{ key, value: AnyValue }]` becomes `{ key: value }`. */
export function readAttributes(list: unknown): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  for (const entry of readList(list)) {
    const { key, value } = readFields(entry);
    if (typeof key === "string") attributes[key] = readAnyValue(value);
  }
  return attributes;
}

/** An integer that a number cannot hold becomes a bigint; bytes become a `Uint8Array`. */
export function readAnyValue(value: unknown): unknown {
  const any = readFields(value);
  if ("stringValue" in any) return any["stringValue"];
  if ("boolValue" in any) return any["boolValue"];
  if ("intValue" in any) return readInteger(any["intValue"]);
  if ("doubleValue" in any) return Number(any["doubleValue"]);
  if ("arrayValue" in any) return readList(readFields(any["arrayValue"])["values"]).map(readAnyValue);
  if ("kvlistValue" in any) return readAttributes(readFields(any["kvlistValue"])["values"]);
  if ("bytesValue" in any) return readBytes(any["bytesValue"]);
  return null;
}

/** Nanoseconds since 1970; 0 when absent, as in protobuf. */
export function readNanoseconds(value: unknown): bigint {
  if (value === undefined) return 0n;
  try {
    return BigInt(value as string | number);
  } catch (cause) {
    throw new ReceiverError("OTLP_MALFORMED", "a time is no integer", { cause });
  }
}

/**
 * An id in lower-case hex, from bytes (protobuf) or hex text (JSON); `undefined` when absent or empty.
 *
 * @throws ReceiverError `OTLP_MALFORMED` when it has another length
 */
export function readId(value: unknown, byteLength: 8 | 16): string | undefined {
  const hex =
    value instanceof Uint8Array ? Buffer.from(value).toString("hex") : readString(value)?.toLowerCase();
  if (hex === undefined || hex === "") return undefined;
  if (hex.length !== byteLength * 2 || !/^[0-9a-f]+$/.test(hex)) {
    throw new ReceiverError("OTLP_MALFORMED", `an id is not ${byteLength * 2} hex digits long`);
  }
  return hex;
}

export function demandId(value: unknown, byteLength: 8 | 16): string {
  const id = readId(value, byteLength);
  if (id === undefined) throw new ReceiverError("OTLP_MALFORMED", "a span has no id");
  return id;
}

export function readScope(value: unknown): { name: string; version?: string } {
  const scope = readFields(value);
  const version = readString(scope["version"]);
  return { name: readString(scope["name"]) ?? "", ...(version === undefined ? {} : { version }) };
}

export function readResource(value: Fields): {
  resource: Record<string, unknown>;
  service: string | undefined;
} {
  const resource = readAttributes(readFields(value["resource"])["attributes"]);
  return { resource, service: readString(resource["service.name"]) };
}

function readInteger(value: unknown): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : readNanoseconds(value);
}

function readBytes(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(typeof value === "string" ? value : "", "base64");
}
