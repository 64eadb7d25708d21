import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent, request, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { FinishedOrders } from "./finished-orders.ts";

/** What became of the orders of one load. */
export interface LoadResult {
  orders: number;
  /** From the first request to the last order finished. */
  seconds: number;
  /** Milliseconds of each POST /order. */
  answered: number[];
  /** Milliseconds of each order from its request to its end. */
  finished: number[];
}

export interface LoadTarget {
  webUrl: string;
  finishedOrders: FinishedOrders;
}

const patienceMillis = 30_000;

/** So many orders as fast as they are taken: the next is placed when one has finished. */
export async function placeOrdersAtOnce(
  target: LoadTarget,
  { orders, atOnce }: { orders: number; atOnce: number },
): Promise<LoadResult> {
  const load = createLoad(target);
  let placed = 0;
  const customer = async (): Promise<void> => {
    while (placed++ < orders) await load.placeOrder();
  };
  return load.finish(Array.from({ length: atOnce }, customer));
}

/** At a steady rate, whether or not the orders before have finished. */
export async function placeOrdersSteadily(
  target: LoadTarget,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<LoadResult> {
  const load = createLoad(target);
  const start = performance.now();
  const orders: Promise<void>[] = [];
  for (let index = 0; index < perSecond * seconds; index += 1) {
    await sleep(Math.max(0, start + (index / perSecond) * 1000 - performance.now()));
    orders.push(load.placeOrder());
  }
  return load.finish(orders);
}

function createLoad({ webUrl, finishedOrders }: LoadTarget) {
  const agent = new Agent({ keepAlive: true });
  const answered: number[] = [];
  const finished: number[] = [];
  const start = performance.now();
  let last = start;
  return {
    placeOrder: async (): Promise<void> => {
      const id = randomUUID();
      const placed = performance.now();
      const end = finishedOrders.wait(id);
      await postOrder(webUrl, id, agent);
      answered.push(performance.now() - placed);
      last = await end;
      finished.push(last - placed);
    },
    finish: async (orders: readonly Promise<void>[]): Promise<LoadResult> => {
      const stop = new AbortController();
      try {
        await Promise.race([Promise.all(orders), failWhenStuck(() => last, stop.signal)]);
      } finally {
        stop.abort();
        agent.destroy();
      }
      return { orders: finished.length, seconds: (last - start) / 1000, answered, finished };
    },
  };
}

/** Rejects when no order has finished for a long time. */
async function failWhenStuck(readLast: () => number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(1000, undefined, { signal }).catch(() => undefined);
    if (performance.now() - readLast() > patienceMillis)
      throw new Error(`no order finished for ${patienceMillis / 1000} s`);
  }
}

async function postOrder(webUrl: string, id: string, agent: Agent): Promise<void> {
  const body = JSON.stringify({ id });
  const headers = { "content-type": "application/json", "content-length": body.length };
  const sending = request(`${webUrl}/order`, { method: "POST", headers, agent });
  sending.end(body);
  try {
    const [response] = (await once(sending, "response")) as [IncomingMessage];
    response.resume();
    await once(response, "end");
    if (response.statusCode !== 202) throw new Error(`web answered an order with ${response.statusCode}`);
  } catch (error) {
    // Web closed a connection that was idle for long: https://nodejs.org/api/http.html#requestreusedsocket
    if (!sending.reusedSocket || !isReset(error)) throw error;
    await postOrder(webUrl, id, agent);
  }
}

function isReset(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ECONNRESET";
}
