import type { Collection } from "mongodb";
import type { OutgoingMessage } from "../broker/publisher.ts";
import type { Logger } from "@tracebridge/telemetry/logger";
import { readOutgoingMessage, type OutboxDocument, type OutboxEntry } from "./entry.ts";

export interface SenderOptions {
  collection: Collection<OutboxDocument>;
  publish: (message: OutgoingMessage, timeoutMillis: number) => Promise<void>;
  logger: Logger;
}

/** Time kept back from the lease for taking sent entries out of the outbox. */
const settleMarginMillis = 500;
/** A publish that has less time than this is left to the next sweep. */
const shortestPublishMillis = 100;

/**
 * Publishes entries in their order and stops at the first that fails, so that none overtakes another. Nothing is sent
 * after the lease: from then on somebody else may send.
 *
 * @returns the entries the broker confirmed
 */
export async function sendEntries(
  options: SenderOptions,
  id: string,
  entries: readonly OutboxEntry[],
  leaseEndsAt: Date,
  within: (entry: OutboxEntry, send: () => Promise<void>) => Promise<void>,
): Promise<OutboxEntry[]> {
  const sent: OutboxEntry[] = [];
  for (const entry of entries) {
    const timeoutMillis = leaseEndsAt.getTime() - settleMarginMillis - Date.now();
    if (timeoutMillis < shortestPublishMillis) break;
    try {
      await within(entry, () => options.publish(readOutgoingMessage(entry), timeoutMillis));
      sent.push(entry);
    } catch (error) {
      options.logger.warn(
        { id, queue: entry.queue, messageId: entry.messageId, err: error },
        "Message could not be sent; it stays in the outbox and will be",
      );
      break;
    }
  }
  return sent;
}

/** Takes confirmed entries out of the outbox. The due time goes only with the last entry. */
export async function removeSent(
  collection: Collection<OutboxDocument>,
  id: string,
  sent: readonly OutboxEntry[],
): Promise<void> {
  if (sent.length === 0) return;
  const messageIds = sent.map((entry) => entry.messageId);
  const pull = { $pull: { outbox: { messageId: { $in: messageIds } } } };
  // One write in the usual case: exactly these entries are left.
  const all = await collection.updateOne(
    { id: { $eq: id }, outbox: { $size: sent.length }, "outbox.messageId": { $all: messageIds } },
    { ...pull, $unset: { outboxDueAt: "" } },
  );
  if (all.matchedCount > 0) return;
  await collection.updateOne({ id: { $eq: id } }, pull);
  await collection.updateOne({ id: { $eq: id }, outbox: { $size: 0 } }, { $unset: { outboxDueAt: "" } });
}
