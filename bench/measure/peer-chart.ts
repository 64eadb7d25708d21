import type { Peer } from "../peers.ts";
import { drawBarChart } from "./bar-chart.ts";
import { describeSpread } from "./statistics.ts";

/** What the peers of a bench were measured at: a bar for each, those of this package highlighted. */
export function drawPeerChart(
  titles: { title: string; valueTitle: string },
  peers: readonly { peer: Peer; values: readonly number[] }[],
): string {
  return drawBarChart({
    ...titles,
    categoryTitle: "peer",
    bars: peers.map(({ peer, values }) => ({
      label: peer.name,
      spread: describeSpread(values),
      highlighted: peer.name.startsWith("ours-"),
    })),
  });
}
