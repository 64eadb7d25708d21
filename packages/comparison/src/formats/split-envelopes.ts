import { isFields, type Fields } from "@tracebridge/receivers";
import { findLineEnd, findValueEnd, parseJson, skipSpace } from "./json-values.ts";

/** Whether this starts as an envelope does: a header, and that of an item, which alone has a type. */
export function isEnvelope(bytes: Uint8Array): boolean {
  const start = skipSpace(bytes, 0);
  const end = findValueEnd(bytes, start, findLineEnd(bytes, start));
  const next = end === undefined ? bytes.length : skipSpace(bytes, end);
  // Nothing is behind the only value of most files, which may be large: it is not parsed for this.
  const item = next === bytes.length ? undefined : readHeader(bytes, next);
  const header = item && isItem(item.fields) ? readHeader(bytes, start) : undefined;
  return header !== undefined && !isItem(header.fields);
}

/**
 * Parts envelopes that stand in one file one after another, also where the last line of one and the first of the next
 * are in one line, as `cat` leaves them. `broken` counts lines that cannot be headers, and items outside envelopes.
 */
export function splitEnvelopes(bytes: Uint8Array): { envelopes: Uint8Array[]; broken: number } {
  const envelopes: Uint8Array[] = [];
  let broken = 0;
  let start: number | undefined;
  let end = 0;
  const finishEnvelope = (): void => {
    // Up to the end of its last item: the empty lines that follow are no part of it.
    if (start !== undefined) envelopes.push(bytes.subarray(start, end));
    start = undefined;
  };
  for (let at = skipSpace(bytes, 0); at < bytes.length;) {
    const header = readHeader(bytes, at);
    if (!header) {
      finishEnvelope();
      broken += 1;
      end = findLineEnd(bytes, at);
    } else if (isItem(header.fields)) {
      if (start === undefined) broken += 1;
      end = findPayloadEnd(bytes, header);
    } else {
      finishEnvelope();
      start = at;
      end = header.end;
    }
    at = skipSpace(bytes, end);
  }
  finishEnvelope();
  return { envelopes, broken };
}

interface Header {
  fields: Fields;
  end: number;
}

/** A header has a line of its own; looking further would take for ever in a file of unclosed braces. */
function readHeader(bytes: Uint8Array, start: number): Header | undefined {
  const end = findValueEnd(bytes, start, findLineEnd(bytes, start));
  const fields = end === undefined ? undefined : parseJson(bytes.subarray(start, end));
  return end !== undefined && isFields(fields) ? { fields, end } : undefined;
}

function isItem(header: Fields): boolean {
  return typeof header["type"] === "string";
}

/** As https://develop.sentry.dev/sdk/foundations/transport/envelopes/ has it: `length` bytes, or all up to the line's end. */
function findPayloadEnd(bytes: Uint8Array, header: Header): number {
  const start = Math.min(bytes.length, findLineEnd(bytes, header.end) + 1);
  const length = header.fields["length"];
  if (typeof length === "number" && length >= 0) return Math.min(bytes.length, start + length);
  const lineEnd = findLineEnd(bytes, start);
  return findValueEnd(bytes, start, lineEnd) ?? lineEnd;
}
