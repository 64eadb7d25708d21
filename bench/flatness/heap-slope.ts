import { countHeld } from "../measure/held-memory.ts";
import { drawTable } from "../measure/table.ts";
import type { Peer } from "../peers.ts";
import type { CountingReceiver } from "../receiver.ts";
import { startSpanProcess, type SpanProcess } from "../spans/span-process.ts";
import { fitSlope } from "./regression.ts";

export interface SlopePlan {
  seconds: number;
  /** Before the first sample. */
  warmUpSeconds: number;
  /** From one sample to the next. */
  cycleSeconds: number;
}

interface Sample {
  hours: number;
  heldMegabytes: number;
  rssMegabytes: number;
}

const spansPerTrace = 10;
const tracesPerSecond = 100;

/** What is held after a garbage collection, again and again under the same load: does it grow? */
export async function measureHeapSlope(
  peers: readonly Peer[],
  receiver: CountingReceiver,
  plan: SlopePlan,
): Promise<string> {
  const results = await Promise.allSettled(peers.map((peer) => measurePeer(peer, receiver, plan)));
  // One that failed is told when the others have come to their end, and not in the middle of it.
  const rows = results.map(readResult);
  return drawTable(
    ["", "samples", "held, first to last", "MB an hour", "95% interval", "RSS, first to last", "arrived"],
    rows,
  );
}

async function measurePeer(
  peer: Peer,
  receiver: CountingReceiver,
  { seconds, warmUpSeconds, cycleSeconds }: SlopePlan,
): Promise<string[]> {
  const process = await startSpanProcess(peer, receiver.addressOf(`${peer.name}-slope`));
  const samples: Sample[] = [];
  let made = 0;
  let arrived = 0;
  try {
    const start = performance.now();
    for (let elapsed = 0; elapsed < warmUpSeconds + seconds; elapsed = (performance.now() - start) / 1_000) {
      const counts = await makeAndCount(peer, process, receiver, cycleSeconds);
      made += counts.made;
      arrived += counts.arrived;
      const memory = await process.readMemory();
      const now = (performance.now() - start) / 1_000;
      if (now > warmUpSeconds)
        samples.push({
          hours: now / 3_600,
          heldMegabytes: countHeld(memory) / 1e6,
          rssMegabytes: memory.rss / 1e6,
        });
    }
  } finally {
    await process.stop();
  }
  return [...describe(peer, samples), `${((100 * arrived) / made).toFixed(1)} %`];
}

function readResult<T>(result: PromiseSettledResult<T>): T {
  if (result.status === "rejected") throw result.reason;
  return result.value;
}

/**
 * Returns how many spans have arrived of those made, which the table tells: a heap is easily flat when everything is thrown
 * away. A machine that has much else to do holds processes up until queues overflow; ours must say so then.
 */
async function makeAndCount(
  peer: Peer,
  process: SpanProcess,
  receiver: CountingReceiver,
  cycleSeconds: number,
): Promise<{ made: number; arrived: number }> {
  const traces = cycleSeconds * tracesPerSecond;
  await process.tell("make", { traces, spansPerTrace, tracesPerSecond });
  await process.flush();
  const received = await receiver.take(`${peer.name}-slope`);
  const stats = await process.tell("readStats");
  if (stats && stats.unaccounted !== 0)
    throw new Error(`${peer.name}: ${stats.unaccounted} spans are unaccounted`);
  return {
    made: traces * spansPerTrace * peer.sendsTo.length,
    arrived: peer.sendsTo.reduce((sum, backEnd) => sum + received[backEnd].spans, 0),
  };
}

function describe({ name }: Peer, samples: readonly Sample[]): string[] {
  const held = fitSlope(samples.map(({ hours, heldMegabytes }) => [hours, heldMegabytes]));
  const range = (read: (sample: Sample) => number): string =>
    [samples.at(0), samples.at(-1)].map((sample) => (sample ? read(sample).toFixed(1) : "–")).join(" → ");
  return [
    name,
    String(samples.length),
    `${range(({ heldMegabytes }) => heldMegabytes)} MB`,
    held.perUnit.toFixed(2),
    `${(held.perUnit - held.error).toFixed(2)} to ${(held.perUnit + held.error).toFixed(2)}`,
    `${range(({ rssMegabytes }) => rssMegabytes)} MB`,
  ];
}
