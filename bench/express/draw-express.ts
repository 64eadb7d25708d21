import { drawBarChart } from "../measure/bar-chart.ts";
import { describeSpread } from "../measure/statistics.ts";
import type { ExpressMeasurement } from "./measure-express.ts";

export function drawExpress(measurements: readonly ExpressMeasurement[]): string {
  return drawBarChart({
    title: "CPU of an Express service a request, all sampled",
    valueTitle: "microseconds of CPU a request: median of the rounds, and their range",
    categoryTitle: "peer",
    bars: measurements.map(({ peer, cpuMicros }) => ({
      label: peer.name,
      spread: describeSpread(cpuMicros),
      highlighted: peer.name.startsWith("ours-"),
    })),
  });
}
