import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient } from "mongodb";

/** Tells when orders reach the end of their journey, without a request to a service. */
export interface FinishedOrders {
  /** Resolves with the time (of `performance.now()`) at which the order was seen finished. */
  wait(id: string): Promise<number>;
  close(): Promise<void>;
}

interface WebOrder {
  id: string;
  status: string;
}

/**
 * Looks into web's database again and again: asking web would cost it time and make spans of its own.
 *
 * @param pauseMillis between two looks: what a time seen here may be late by
 */
export async function watchFinishedOrders(mongoUrl: string, pauseMillis: number): Promise<FinishedOrders> {
  const client = await MongoClient.connect(mongoUrl);
  const orders = client.db("web").collection<WebOrder>("order");
  const waiting = new Map<string, (time: number) => void>();
  const stop = new AbortController();
  const look = async (): Promise<void> => {
    const finished = orders.find({ id: { $in: [...waiting.keys()] }, status: "finished" });
    const documents = await finished.project<WebOrder>({ id: 1 }).toArray();
    const now = performance.now();
    for (const { id } of documents) {
      waiting.get(id)?.(now);
      waiting.delete(id);
    }
  };
  const watching = (async () => {
    while (!stop.signal.aborted) {
      if (waiting.size > 0) await look();
      await sleep(pauseMillis, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return {
    wait: (id) => new Promise((resolve) => waiting.set(id, resolve)),
    close: async () => {
      stop.abort();
      await watching;
      await client.close();
    },
  };
}
