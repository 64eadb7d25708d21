import { isFields, isNestedTooDeeply, readList, readString, type Fields } from "../plain.ts";
import { decodeEnvelope, type EnvelopeItem } from "./envelope.ts";
import type { SentryEnvelope } from "./model.ts";
import { readClientReport, readEvent, readLog, readSpan } from "./read-items.ts";

const knownTypes: ReadonlySet<string> = new Set(["span", "log", "event", "client_report"]);

/**
 * Reads everything in an envelope. An item that cannot be understood is kept as `rejected` and harms no other.
 *
 * @throws ReceiverError `ENVELOPE_MALFORMED` when the envelope itself cannot be taken apart
 */
export function readSentryEnvelope(bytes: Uint8Array): SentryEnvelope {
  const { header, items } = decodeEnvelope(bytes);
  const envelope: SentryEnvelope = {
    header,
    itemTypes: [],
    spans: [],
    events: [],
    logs: [],
    clientReports: [],
    other: [],
    rejected: [],
  };
  for (const item of items) {
    const type = readString(item.header["type"]) ?? "";
    envelope.itemTypes.push(type);
    readItem(envelope, type, item);
  }
  return envelope;
}

function readItem(envelope: SentryEnvelope, type: string, { payload }: EnvelopeItem): void {
  if (!knownTypes.has(type)) {
    envelope.other.push({ type, payload });
    return;
  }
  const reject = (reason: string): void => void envelope.rejected.push({ type, reason });
  if (!isFields(payload)) reject("the item is no JSON object");
  else if (isNestedTooDeeply(payload)) reject("the item is nested too deeply");
  else readKnownItem(envelope, type, payload, reject);
}

function readKnownItem(
  envelope: SentryEnvelope,
  type: string,
  payload: Fields,
  reject: (reason: string) => void,
): void {
  switch (type) {
    case "span":
      readEach(payload, reject, (value) => envelope.spans.push(readSpan(value)));
      return;
    case "log":
      readEach(payload, reject, (value) => envelope.logs.push(readLog(value)));
      return;
    case "event":
      envelope.events.push(readEvent(payload));
      return;
    case "client_report":
      envelope.clientReports.push(readClientReport(payload));
  }
}

/** Spans and logs travel many to an item: one that is broken harms no other. */
function readEach(payload: Fields, reject: (reason: string) => void, read: (value: unknown) => void): void {
  if (!Array.isArray(payload["items"])) reject("the item has no list of items");
  for (const value of readList(payload["items"])) {
    try {
      read(value);
    } catch (error) {
      reject(error instanceof Error ? error.message : String(error));
    }
  }
}
