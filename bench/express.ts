import { preparePeers } from "./peers.ts";
import { describeExpress } from "./express/describe-express.ts";
import { measureExpress } from "./express/measure-express.ts";
import { profileExpress } from "./express/profile-express.ts";
import type { BenchOptions } from "./main.ts";
import { drawPeerChart } from "./measure/peer-chart.ts";
import { describeMachine, readLoad, writePlot } from "./results.ts";

const titles = {
  title: "CPU of an Express service a request, all sampled",
  valueTitle: "microseconds of CPU a request: median of the rounds, and their range",
};

/** What a trace costs the service that makes it, under every peer: CPU a request, and what it sends. */
export async function benchExpress(options: BenchOptions): Promise<string> {
  const peers = await preparePeers(options);
  if (options.profile) return profileExpress(peers, options.quick ? 3000 : 20_000);
  const load = readLoad();
  const plan = {
    warmUp: options.quick ? 4000 : 8000,
    resume: 100,
    requests: options.quick ? 1000 : 2000,
    rounds: options.quick ? 4 : 5,
    connections: 4,
  };
  const measurements = await measureExpress(peers, plan);
  const costs = measurements.map(({ peer, cpuMicros }) => ({ peer, values: cpuMicros }));
  if (options.full) await writePlot("express", drawPeerChart(titles, costs));
  return [
    describeMachine(load),
    "",
    describeExpress(measurements, plan),
    ...(options.full ? ["", "![CPU time of the service a request, by peer](express.svg)"] : []),
  ].join("\n");
}
