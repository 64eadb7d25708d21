import { readFields, readList, readString } from "../plain.ts";
import { decodeEnvelope, type EnvelopeItem } from "./envelope.ts";
import type { SentryEnvelope } from "./model.ts";
import { readClientReport, readEvent, readLog, readSpan } from "./read-items.ts";

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
  switch (type) {
    case "span":
      readEach(envelope, type, payload, (value) => envelope.spans.push(readSpan(value)));
      return;
    case "log":
      readEach(envelope, type, payload, (value) => envelope.logs.push(readLog(value)));
      return;
    case "event":
      envelope.events.push(readEvent(payload));
      return;
    case "client_report":
      envelope.clientReports.push(readClientReport(payload));
      return;
    default:
      envelope.other.push({ type, payload });
  }
}

function readEach(
  envelope: SentryEnvelope,
  type: string,
  payload: unknown,
  read: (value: unknown) => void,
): void {
  for (const value of readList(readFields(payload)["items"])) {
    try {
      read(value);
    } catch (error) {
      envelope.rejected.push({ type, reason: error instanceof Error ? error.message : String(error) });
    }
  }
}
