import { join } from "node:path";
import { readPackage, readPlace, sumSelfTime, type CpuProfile } from "../measure/cpu-profile.ts";
import { profilePeer } from "../measure/profile-peer.ts";
import {
  createProfilingArguments,
  keepProfiles,
  readThreads,
  type Window,
} from "../measure/profile-threads.ts";
import { drawTable } from "../measure/table.ts";
import type { Peer } from "../peers.ts";
import { startCountingReceiver } from "../receiver.ts";
import { settle } from "./measure-orders.ts";
import { placeOrdersAtOnce } from "./order-load.ts";
import { serviceNames, startOrderServices, type ServiceName } from "./order-services.ts";

const warmUpOrders = 600;
const atOnce = 16;
const rows = 60;

type Profiles = Record<ServiceName, CpuProfile[]>;

/** Profiles the three services of one peer after their warm-up, until all is sent, and tells where their time goes. */
export function profileOrders(peers: readonly Peer[], orders: number): Promise<string> {
  return profilePeer(peers, async (peer, folder) => {
    const { windows, cpuMicros } = await run(peer, orders, folder);
    const profiles: Profiles = { web: [], order: [], factory: [] };
    const paths: string[] = [];
    for (const name of serviceNames) {
      profiles[name] = await readThreads(join(folder, name), windows[name]);
      paths.push(...(await keepProfiles(`orders.${peer.name}.${name}`, profiles[name])));
    }
    return [
      `${paths.map((path) => `\`${path}\``).join(", ")}: microseconds an order over ${orders} orders, by self time.`,
      `The services took ${(cpuMicros / orders).toFixed(0)} µs of CPU an order; the time that they had to wait for a core is in the profiles, too.`,
      "",
      drawTimes("package", profiles, orders, readPackage),
      "",
      drawTimes("function", profiles, orders, readPlace),
    ].join("\n");
  });
}

interface Run {
  windows: Record<ServiceName, Window>;
  /** Of the three services. */
  cpuMicros: number;
}

async function run(peer: Peer, orders: number, folder: string): Promise<Run> {
  const receiver = await startCountingReceiver();
  const services = await startOrderServices(peer, {
    address: receiver.addressOf(peer.name),
    nodeArguments: (name) => createProfilingArguments(join(folder, name)),
  });
  try {
    await placeOrdersAtOnce(services, { orders: warmUpOrders, atOnce });
    await settle(services);
    const cpuBefore = await services.readCpuMicros();
    const from = await services.readClockMicros();
    await placeOrdersAtOnce(services, { orders, atOnce });
    await settle(services);
    const to = await services.readClockMicros();
    const windowOf = (name: ServiceName): Window => ({ from: from[name], to: to[name] });
    const windows = { web: windowOf("web"), order: windowOf("order"), factory: windowOf("factory") };
    return { windows, cpuMicros: (await services.readCpuMicros()) - cpuBefore };
  } finally {
    await services.stop();
    await receiver.stop();
  }
}

/** What takes most in all services together, and in each. */
function drawTimes(
  head: string,
  profiles: Profiles,
  orders: number,
  nameOf: Parameters<typeof sumSelfTime>[1],
): string {
  const times = new Map<string, Record<ServiceName, number>>();
  for (const service of serviceNames) {
    for (const { name, micros } of profiles[service].flatMap((profile) => sumSelfTime(profile, nameOf))) {
      const known = times.get(name) ?? { web: 0, order: 0, factory: 0 };
      times.set(name, { ...known, [service]: known[service] + micros / orders });
    }
  }
  const sum = ({ web, order, factory }: Record<ServiceName, number>): number => web + order + factory;
  const sorted = [...times].toSorted(([, a], [, b]) => sum(b) - sum(a)).slice(0, rows);
  const all = [...times.values()].reduce((total, one) => total + sum(one), 0);
  return drawTable(
    [head, "all three", "%", ...serviceNames],
    sorted.map(([name, one]) => [
      name,
      sum(one).toFixed(0),
      ((sum(one) / all) * 100).toFixed(1),
      ...serviceNames.map((service) => one[service].toFixed(0)),
    ]),
  );
}
