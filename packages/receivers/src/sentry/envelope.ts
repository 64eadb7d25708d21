import { isFields, type Fields } from "../plain.ts";
import { ReceiverError } from "../receiver-error.ts";

export interface EnvelopeItem {
  header: Fields;
  /** The parsed JSON; the bytes themselves where an item is no JSON (an attachment, say). */
  payload: unknown;
}

export interface Envelope {
  header: Fields;
  items: EnvelopeItem[];
}

const newline = 0x0a;

/**
 * Splits an envelope into its header and items (https://develop.sentry.dev/sdk/foundations/transport/envelopes/):
 * lines of JSON, each item header followed by `length` bytes, or by the bytes up to the next line break.
 *
 * @throws ReceiverError `ENVELOPE_MALFORMED` when a header is no JSON object or the bytes end within an item
 */
export function decodeEnvelope(bytes: Uint8Array): Envelope {
  const first = readLine(bytes, 0);
  const header = parseHeader(first.line, "envelope header");
  const items: EnvelopeItem[] = [];
  let position = first.next;
  while (position < bytes.length) {
    if (bytes[position] === newline) {
      position += 1;
      continue;
    }
    const line = readLine(bytes, position);
    const itemHeader = parseHeader(line.line, "item header");
    const end = findPayloadEnd(bytes, line.next, itemHeader);
    items.push({ header: itemHeader, payload: readPayload(bytes.subarray(line.next, end)) });
    position = end;
  }
  return { header, items };
}

function findPayloadEnd(bytes: Uint8Array, start: number, header: Fields): number {
  const length = header["length"];
  if (length === undefined) {
    const end = bytes.indexOf(newline, start);
    return end < 0 ? bytes.length : end;
  }
  if (
    typeof length !== "number" ||
    !Number.isInteger(length) ||
    length < 0 ||
    start + length > bytes.length
  ) {
    throw new ReceiverError("ENVELOPE_MALFORMED", "an item's length does not fit the envelope");
  }
  return start + length;
}

function readLine(bytes: Uint8Array, start: number): { line: Uint8Array; next: number } {
  const end = bytes.indexOf(newline, start);
  return end < 0
    ? { line: bytes.subarray(start), next: bytes.length }
    : { line: bytes.subarray(start, end), next: end + 1 };
}

function parseHeader(line: Uint8Array, what: string): Fields {
  const value = parseJson(line);
  if (!isFields(value)) throw new ReceiverError("ENVELOPE_MALFORMED", `the ${what} is no JSON object`);
  return value;
}

function readPayload(bytes: Uint8Array): unknown {
  return parseJson(bytes) ?? bytes;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
