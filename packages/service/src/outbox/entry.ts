import { readTraceCarrier } from "@tracebridge/telemetry";
import type { OutgoingMessage } from "../broker/publisher.ts";

/** A message to send with a state change. */
export interface OutboxMessage {
  queue: string;
  /** Name of what happened, for example `making`: with the incoming message's id it makes the outgoing one's. */
  step: string;
  body: Readonly<Record<string, unknown>>;
}

/** A message that is written but not confirmed by the broker yet. */
export interface OutboxEntry {
  messageId: string;
  queue: string;
  body: Readonly<Record<string, unknown>>;
  /** Trace headers of the moment of the write, so that a late send still joins its trace. */
  carrier: Readonly<Record<string, string>>;
}

/** What every document with an outbox has. */
export interface OutboxDocument {
  id: string;
  status: string;
  /** Ids of the messages that changed this document, the newest last; bounded. */
  inbox?: string[];
  /** Oldest first, and sent in this order. */
  outbox?: OutboxEntry[];
  /** Until then the writer (or the sweeper that claimed the document) sends; afterwards any sweeper may. */
  outboxDueAt?: Date;
}

/**
 * The same cause and step always give the same ids, so that a message sent twice is recognised as one.
 *
 * @param causeId id of the incoming message, or of what the user asked for
 */
export function createOutboxEntries(causeId: string, messages: readonly OutboxMessage[]): OutboxEntry[] {
  if (messages.length === 0) return [];
  const carrier = readTraceCarrier();
  return messages.map(({ queue, step, body }) => ({
    messageId: `${causeId}.${step}`,
    queue,
    body,
    carrier: { ...carrier },
  }));
}

export function readOutgoingMessage(entry: OutboxEntry): OutgoingMessage {
  return { queue: entry.queue, messageId: entry.messageId, content: Buffer.from(JSON.stringify(entry.body)) };
}
