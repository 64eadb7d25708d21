import { setTimeout as sleep } from "node:timers/promises";
import type { Peer } from "../peers.ts";
import type { CountingReceiver } from "../receiver.ts";
import type { Received } from "../receiver/question.ts";
import { placeOrdersAtOnce, placeOrdersSteadily, type LoadResult, type LoadTarget } from "./order-load.ts";
import type { OrderServices } from "./order-services.ts";

export interface OrderPlan {
  rounds: number;
  /** Until the code is compiled; every peer has made the same number of orders at any moment. */
  warmUpOrders: number;
  /** The most that the services can take: so many orders, so many of them at once. */
  busy: { orders: number; atOnce: number };
  /** A rate that leaves every peer idle in between. */
  steady: { perSecond: number; seconds: number };
}

/** One peer under one load. */
export interface OrderMeasurement extends LoadResult {
  /** Processor milliseconds for each order, until the last span was sent: of the three services together. */
  cpuMillis: number;
  /** Of broker and database. */
  serverCpuMillis: number;
  /** Of the receiver, which only takes what comes. */
  receiverCpuMillis: number;
  /** What arrived of these orders. */
  received: Received;
}

/** Both loads of every round of one peer. */
export interface PeerMeasurements {
  peer: Peer;
  busy: OrderMeasurement[];
  steady: OrderMeasurement[];
}

/** A finished order has steps left: acknowledgements, and the outbox that is tidied. */
const settleMillis = 200;

export async function warmUp(services: OrderServices, { warmUpOrders, busy }: OrderPlan): Promise<void> {
  await placeOrdersAtOnce(services, { orders: warmUpOrders, atOnce: busy.atOnce });
}

/** One round of one peer. */
export async function measureRound(
  { peer, busy, steady }: PeerMeasurements,
  services: OrderServices,
  receiver: CountingReceiver,
  plan: OrderPlan,
): Promise<void> {
  const measure = (load: (target: LoadTarget) => Promise<LoadResult>): Promise<OrderMeasurement> =>
    measureOrders(peer.name, services, receiver, load);
  busy.push(await measure((target) => placeOrdersAtOnce(target, plan.busy)));
  steady.push(await measure((target) => placeOrdersSteadily(target, plan.steady)));
}

/** Puts a load on the services of one peer and counts what it costs them, what is sent at the end included. */
async function measureOrders(
  peer: string,
  services: OrderServices,
  receiver: CountingReceiver,
  load: (target: LoadTarget) => Promise<LoadResult>,
): Promise<OrderMeasurement> {
  await receiver.take(peer);
  const read = (): Promise<number[]> =>
    Promise.all([services.readCpuMicros(), services.readServerCpuMicros(), receiver.readCpuMicros()]);
  const before = await read();
  const result = await load(services);
  await settle(services);
  const after = await read();
  const [cpuMillis = 0, serverCpuMillis = 0, receiverCpuMillis = 0] = after.map(
    (micros, index) => (micros - (before[index] ?? 0)) / 1000 / result.orders,
  );
  return { ...result, cpuMillis, serverCpuMillis, receiverCpuMillis, received: await receiver.take(peer) };
}

/** Waits until the last order has no step left, and sends what telemetry holds back. */
export async function settle(services: OrderServices): Promise<void> {
  await sleep(settleMillis);
  await services.flush();
}
