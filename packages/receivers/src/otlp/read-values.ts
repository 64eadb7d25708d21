import { readFields, readList, readString, type Fields } from "../plain.ts";
import { ReceiverError } from "../receiver-error.ts";

/** `[{ key, value: AnyValue }]` becomes `{ key: value }`. */
export function readAttributes(list: unknown): Record<string, unknown> {
  // `fromEntries` makes a plain field of every key, of `__proto__` too.
  return Object.fromEntries(
    readList(list)
      .map(readFields)
      // Protobuf leaves out what is empty, an empty key too.
      .map(({ key, value }) => ({ key: key === undefined && value !== undefined ? "" : key, value }))
      .flatMap(({ key, value }) => (typeof key === "string" ? [[key, readAnyValue(value)]] : [])),
  );
}

/** An integer that a number cannot hold becomes a bigint; bytes become a `Uint8Array`. */
export function readAnyValue(value: unknown): unknown {
  const any = readFields(value);
  if ("stringValue" in any) return any["stringValue"];
  if ("boolValue" in any) return any["boolValue"];
  if ("intValue" in any) return readInteger(any["intValue"]);
  if ("doubleValue" in any) return toNumber(any["doubleValue"]);
  if ("arrayValue" in any) return readList(readFields(any["arrayValue"])["values"]).map(readAnyValue);
  if ("kvlistValue" in any) return readAttributes(readFields(any["kvlistValue"])["values"]);
  if ("bytesValue" in any) return readBytes(any["bytesValue"]);
  return null;
}

/** Nanoseconds since 1970, an unsigned 64-bit integer; 0 when absent, as in protobuf. */
export function readNanoseconds(value: unknown): bigint {
  const nanoseconds = readBigInt(value ?? 0);
  if (nanoseconds === undefined || nanoseconds !== BigInt.asUintN(64, nanoseconds)) {
    throw new ReceiverError("OTLP_MALFORMED", "a time is no unsigned 64-bit integer");
  }
  return nanoseconds;
}

/** In JSON an enum is its number or, by protobuf's own rule, its name; `names` holds them in order, from 0. */
export function readEnum(value: unknown, prefix: string, names: readonly string[]): number {
  if (typeof value === "string" && value.startsWith(prefix)) {
    return Math.max(
      names.findIndex((name) => prefix + name.toUpperCase() === value),
      0,
    );
  }
  return readUnsigned(value);
}

/** A small unsigned integer; 0 for whatever is none. */
export function readUnsigned(value: unknown): number {
  const number = toNumber(value ?? 0);
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
}

/**
 * An id in lower-case hex, from bytes (protobuf) or hex text (JSON); `undefined` when absent, empty or all zeros, which
 * is how OTLP and W3C write "none".
 *
 * @throws ReceiverError `OTLP_MALFORMED` when it has another length
 */
export function readId(value: unknown, byteLength: 8 | 16): string | undefined {
  const hex =
    value instanceof Uint8Array ? Buffer.from(value).toString("hex") : readString(value)?.toLowerCase();
  if (hex === undefined || /^0*$/.test(hex)) return undefined;
  if (hex.length !== byteLength * 2 || !/^[0-9a-f]+$/.test(hex)) {
    throw new ReceiverError("OTLP_MALFORMED", `an id is not ${byteLength * 2} hex digits long`);
  }
  return hex;
}

export function demandId(value: unknown, byteLength: 8 | 16): string {
  const id = readId(value, byteLength);
  if (id === undefined) throw new ReceiverError("OTLP_MALFORMED", "a span or link has no id");
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
  const number = toNumber(value);
  if (Number.isSafeInteger(number)) return number;
  const integer = readBigInt(value);
  if (integer === undefined || integer !== BigInt.asIntN(64, integer)) {
    throw new ReceiverError("OTLP_MALFORMED", "an intValue is no 64-bit integer");
  }
  return integer;
}

/** JSON writes a number as such or as text; `Number` itself throws on objects that cannot be made a text. */
function toNumber(value: unknown): number {
  return typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN;
}

function readBigInt(value: unknown): bigint | undefined {
  const isInteger = typeof value === "string" ? /^-?\d{1,20}$/.test(value) : Number.isInteger(value);
  return isInteger ? BigInt(value as string | number) : undefined;
}

function readBytes(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(typeof value === "string" ? value : "", "base64");
}
