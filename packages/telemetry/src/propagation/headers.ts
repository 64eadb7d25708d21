import type { TextMapGetter } from "@opentelemetry/api";

/** As much as four legal baggage headers; what is longer is an attack or a mistake. */
const MAX_VALUE_LENGTH = 32_768;
const MAX_VALUES = 64;
const NONE: readonly string[] = [];

/**
 * The values of one header as text. AMQP headers hold anything (numbers, tables, byte arrays): byte arrays are read
 * as text, all else that is no string is ignored. Never throws, whatever the carrier.
 */
export function readHeader(carrier: unknown, key: string, getter: TextMapGetter<unknown>): readonly string[] {
  try {
    const value: unknown = getter.get(carrier, key);
    // Most requests have none of the headers that are looked for.
    if (value === undefined) return NONE;
    const values: readonly unknown[] = Array.isArray(value) ? value.slice(0, MAX_VALUES) : [value];
    return values.map(readText).filter((text) => text !== undefined);
  } catch {
    return NONE; // the carrier or the value is a proxy, or has a getter, that throws
  }
}

function readText(value: unknown): string | undefined {
  if (typeof value === "string") return value.length <= MAX_VALUE_LENGTH ? value : undefined;
  if (!(value instanceof Uint8Array) || value.length > MAX_VALUE_LENGTH) return undefined;
  return String.fromCharCode(...value);
}
