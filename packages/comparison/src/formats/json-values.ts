import { FormatError, quote } from "./format-error.ts";

const [newline, quoteMark, backslash] = [0x0a, 0x22, 0x5c];
const space: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const opening: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const closing: ReadonlySet<number> = new Set([0x7d, 0x5d]);
/** Each may be looked at to the end of the file. */
const maxBroken = 100;

export interface JsonValues {
  values: unknown[];
  /** Lines that are no JSON or cut short, as the last one of a file that is still being written. */
  broken: number;
}

/**
 * The JSON values in a file that holds one, one in each line, or several one after another however they are parted.
 *
 * @throws FormatError when there is none, or too much else
 */
export function readJsonValues(bytes: Uint8Array): JsonValues {
  const whole = parseJson(bytes);
  if (whole !== undefined) return { values: [whole], broken: 0 };
  const values: unknown[] = [];
  let broken = 0;
  for (let start = skipSpace(bytes, 0); start < bytes.length;) {
    const end = findValueEnd(bytes, start);
    const value = end === undefined ? undefined : parseJson(bytes.subarray(start, end));
    if (value !== undefined) values.push(value);
    else if ((broken += 1) >= maxBroken) break;
    start = skipSpace(bytes, (value === undefined ? undefined : end) ?? findLineEnd(bytes, start));
  }
  if (values.length > 0 && broken < maxBroken) return { values, broken };
  const found = quote(Buffer.from(bytes.subarray(0, 200)).toString().trim());
  throw new FormatError(`Expected JSON, found ${found}, which is none or is cut short.`);
}

/** `undefined` for what is no JSON. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}

/** Where the object or list that starts here ends; undefined when none starts here, or it has no end. */
export function findValueEnd(bytes: Uint8Array, start: number, limit = bytes.length): number | undefined {
  if (!opening.has(bytes[start] ?? 0)) return undefined;
  let depth = 0;
  let isInText = false;
  for (let at = start; at < limit; at += 1) {
    const byte = bytes[at] ?? 0;
    if (isInText) {
      if (byte === backslash) at += 1;
      else if (byte === quoteMark) isInText = false;
    } else if (byte === quoteMark) isInText = true;
    else if (opening.has(byte)) depth += 1;
    else if (closing.has(byte)) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

export function findLineEnd(bytes: Uint8Array, start: number): number {
  const end = bytes.indexOf(newline, start);
  return end < 0 ? bytes.length : end;
}

export function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  while (space.has(bytes[at] ?? 0)) at += 1;
  return at;
}
