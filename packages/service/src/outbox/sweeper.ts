import { setTimeout as sleep } from "node:timers/promises";
import { runUntraced, withTraceCarrier } from "@tracebridge/telemetry";
import { removeSent, sendEntries, type SenderOptions } from "./sender.ts";

export interface SweeperOptions extends SenderOptions {
  leaseMillis: number;
  intervalMillis: number;
  /** Nothing is claimed while messages cannot be sent anyway. */
  canSend: () => boolean;
}

export interface Sweeper {
  /** Claims nothing more; resolves when the document under way is settled. */
  close(): Promise<void>;
}

/**
 * Sends what a writer could not: it crashed, or the broker was away. Several sweepers may run at once; each document
 * is claimed by one of them at a time.
 *
 * Start it outside any request: its sends continue the trace stored with the entry.
 */
export function startSweeper(options: SweeperOptions): Sweeper {
  const stop = new AbortController();
  const done = sweepUntil(stop.signal, options);
  return {
    close: async () => {
      stop.abort();
      await done;
    },
  };
}

async function sweepUntil(signal: AbortSignal, options: SweeperOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      while (options.canSend() && !signal.aborted && (await sweepOne(options)));
    } catch (error) {
      options.logger.warn({ err: error }, "Outbox sweep failed; trying again");
    }
    await sleep(options.intervalMillis, undefined, { signal }).catch(() => undefined);
  }
}

/** Claims one due document by moving its due time on, and sends its outbox. Returns whether there was one. */
async function sweepOne(options: SweeperOptions): Promise<boolean> {
  const now = Date.now();
  const leaseEndsAt = new Date(now + options.leaseMillis);
  const claimed = await runUntraced(() =>
    options.collection.findOneAndUpdate(
      { outboxDueAt: { $lte: new Date(now) } },
      { $set: { outboxDueAt: leaseEndsAt } },
      { sort: { outboxDueAt: 1 }, returnDocument: "after", projection: { id: 1, outbox: 1 } },
    ),
  );
  if (!claimed) return false;
  const { id, outbox = [] } = claimed;
  options.logger.info({ id, messages: outbox.length }, "Sending what was left in an outbox");
  const sent = await sendEntries(options, id, outbox, leaseEndsAt, (entry, send) =>
    withTraceCarrier(entry.carrier, send),
  );
  await runUntraced(() => removeSent(options.collection, id, sent));
  if (outbox.length === 0) {
    await runUntraced(() =>
      options.collection.updateOne(
        { id: { $eq: id }, outbox: { $size: 0 } },
        { $unset: { outboxDueAt: "" } },
      ),
    );
  }
  return true;
}
