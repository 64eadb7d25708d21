import type { BenchOptions } from "./main.ts";
import { drawPeerChart } from "./measure/peer-chart.ts";
import { rotate } from "./measure/rounds.ts";
import { checkArrivals } from "./orders/check-arrivals.ts";
import { describeOrders } from "./orders/describe-orders.ts";
import {
  measureRound,
  settle,
  warmUp,
  type OrderPlan,
  type PeerMeasurements,
} from "./orders/measure-orders.ts";
import { profileOrders } from "./orders/profile-orders.ts";
import { startOrderServices, type OrderServices } from "./orders/order-services.ts";
import { isOwn, preparePeers, type Peer } from "./peers.ts";
import { startCountingReceiver } from "./receiver.ts";
import { describeMachine, readLoad, writePlot } from "./results.ts";

const fullPlan: OrderPlan = {
  rounds: 4,
  warmUpOrders: 600,
  busy: { orders: 200, atOnce: 16 },
  steady: { perSecond: 20, seconds: 3 },
};
const quickPlan: OrderPlan = {
  rounds: 1,
  warmUpOrders: 10,
  busy: { orders: 20, atOnce: 8 },
  steady: { perSecond: 20, seconds: 1 },
};

/** The order flow of this repository under every peer: one peer after the other, round after round. */
export async function benchOrders({ quick, full, profile, before, only }: BenchOptions): Promise<string> {
  const peers = await preparePeers({ before, only });
  if (profile) return profileOrders(peers, quick ? 200 : 1000);
  const plan = quick ? quickPlan : fullPlan;
  const load = readLoad();
  const measurements = await measurePeers(peers, plan);
  if (full) await writePlot("orders", drawPeerChart(titles, readBusyCosts(measurements)));
  return [
    describeMachine(load),
    "",
    describeOrders(measurements, plan),
    ...(full ? ["", "![CPU time of the three services an order, by peer](orders.svg)"] : []),
  ].join("\n");
}

const titles = {
  title: "CPU of the three services of an order, all sampled",
  valueTitle: "milliseconds of CPU an order under full load: median of the rounds, and their range",
};

function readBusyCosts(measurements: readonly PeerMeasurements[]): { peer: Peer; values: number[] }[] {
  return measurements.map(({ peer, busy }) => ({ peer, values: busy.map(({ cpuMillis }) => cpuMillis) }));
}

async function measurePeers(peers: readonly Peer[], plan: OrderPlan): Promise<PeerMeasurements[]> {
  const receiver = await startCountingReceiver();
  const running: (PeerMeasurements & { services: OrderServices })[] = [];
  try {
    for (const peer of peers) {
      const services = await startOrderServices(peer, { address: receiver.addressOf(peer.name) });
      running.push({ peer, services, busy: [], steady: [] });
    }
    for (const { services } of running) await warmUp(services, plan);
    await Promise.all(running.map(({ services }) => settle(services)));
    for (let round = 0; round < plan.rounds; round += 1) {
      process.stderr.write(`round ${round + 1} of ${plan.rounds}\n`);
      for (const one of rotate(running, round)) {
        await measureRound(one, one.services, receiver, plan);
        if (isOwn(one.peer))
          for (const last of [...one.busy.slice(-1), ...one.steady.slice(-1)]) checkArrivals(one.peer, last);
      }
    }
    return running;
  } finally {
    await Promise.all(running.map(({ services }) => services.stop()));
    await receiver.stop();
  }
}
