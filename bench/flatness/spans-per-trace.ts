import { describeSpread } from "../measure/statistics.ts";
import { drawTable } from "../measure/table.ts";
import { isOwn, type Peer } from "../peers.ts";
import type { CountingReceiver } from "../receiver.ts";
import { makeSpans, readCost, settle, startSubject, type Subject } from "../spans/subject.ts";

export interface SizePlan {
  rounds: number;
  /** In each load, however large its traces are. */
  spans: number;
}

const sizes = [1, 10, 100, 1_000];
const spansPerSecond = 1_500;

/** What a span costs in small and in large traces: with sending, and up to the finished request. */
export async function measureSizes(
  peers: readonly Peer[],
  receiver: CountingReceiver,
  plan: SizePlan,
): Promise<string> {
  const subjects: Subject[] = [];
  try {
    for (const peer of peers)
      for (const isOffline of [true, false]) subjects.push(await startSubject(peer, isOffline, receiver));
    for (const subject of subjects) for (const size of sizes) await makeSpans(subject, loadOf(size, plan));
    await settle();
    const costs = new Map(subjects.map((subject) => [subject, sizes.map((): number[] => [])]));
    for (let round = 0; round < plan.rounds; round += 1)
      for (const [at, size] of sizes.entries())
        for (const subject of subjects)
          await readCost(subject, loadOf(size, plan), costs.get(subject)?.[at] ?? []);
    await Promise.all(subjects.map(({ reading }) => reading));
    for (const subject of subjects) await checkArrivals(subject, receiver);
    const rows = [...costs].map(([{ peer, isOffline }, bySize]) => [
      `${peer.name}, ${isOffline ? "written" : "sent"}`,
      ...bySize.map(describeCosts),
    ]);
    return drawTable(["spans a trace", ...sizes.map((size) => size.toLocaleString("en"))], rows);
  } finally {
    await Promise.all(subjects.map((subject) => subject.process.stop()));
  }
}

function loadOf(spansPerTrace: number, { spans }: SizePlan): Parameters<typeof makeSpans>[1] {
  return { spansPerTrace, traces: spans / spansPerTrace, tracesPerSecond: spansPerSecond / spansPerTrace };
}

async function checkArrivals(
  { peer, sender, spans, isOffline }: Subject,
  receiver: CountingReceiver,
): Promise<void> {
  if (isOffline || !isOwn(peer)) return;
  const received = await receiver.take(sender);
  for (const backEnd of peer.sendsTo)
    if (received[backEnd].spans !== spans)
      throw new Error(`${peer.name}: ${received[backEnd].spans} of ${spans} spans arrived at ${backEnd}`);
}

function describeCosts(costs: readonly number[]): string {
  const { median, min, max } = describeSpread(costs);
  return `${median.toFixed(1)} (${min.toFixed(1)}–${max.toFixed(1)})`;
}
