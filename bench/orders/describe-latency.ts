import { drawTable } from "../measure/table.ts";
import type { PeerMeasurements } from "./measure-orders.ts";

type Latency = "answered" | "finished";

/** Of all orders at a steady rate. */
export function describeLatency(all: readonly PeerMeasurements[]): string {
  const none = all.find(({ peer }) => peer.name === "none");
  const cell = (one: PeerMeasurements, latency: Latency, share: number): string => {
    const own = readQuantile(one, latency, share);
    if (!none || none === one) return own.toFixed(1);
    const added = own - readQuantile(none, latency, share);
    return `${own.toFixed(1)} (${added < 0 ? "−" : "+"}${Math.abs(added).toFixed(1)})`;
  };
  const rows = all.map((one) => [
    one.peer.name,
    cell(one, "answered", 0.5),
    cell(one, "answered", 0.99),
    cell(one, "finished", 0.5),
    cell(one, "finished", 0.99),
  ]);
  return drawTable(["peer", "POST /order p50", "p99", "order to finished p50", "p99"], rows);
}

function readQuantile({ steady }: PeerMeasurements, latency: Latency, share: number): number {
  const sorted = steady.flatMap((one) => one[latency]).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
