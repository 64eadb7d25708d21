import { describeSpread } from "../measure/statistics.ts";
import { drawTable } from "../measure/table.ts";
import type { BackEnd, Peer } from "../peers.ts";
import type { CountingReceiver } from "../receiver.ts";
import { readAccounts, type Account } from "../spans/account.ts";
import { startSpanProcess, type SpanProcess } from "../spans/span-process.ts";
import { settle } from "../spans/subject.ts";

export interface BacklogPlan {
  rounds: number;
  /** A small backlog is made again and again until it has so many spans. */
  leastSpans: number;
}

interface Backlog {
  traces: number;
  costs: number[];
  /** Spans made in all rounds. */
  made: number;
  /** How many of them were given up, by back end. */
  readonly lost: Map<BackEnd, number>;
}

const sizes = [10, 100, 1_000, 5_000];
const spansPerTrace = 10;
const endMillis = 1_000;
const warmUp = { traces: 2_000, spansPerTrace, tracesPerSecond: 400 };

/** Open traces that end within a second: what does a span cost, and does the back end get it? */
export async function measureBacklogs(
  peer: Peer,
  receiver: CountingReceiver,
  { rounds, leastSpans }: BacklogPlan,
): Promise<string> {
  const backlogs: Backlog[] = sizes.map((traces) => ({ traces, costs: [], made: 0, lost: new Map() }));
  const sender = `${peer.name}-backlog`;
  const process = await startSpanProcess(peer, receiver.addressOf(sender));
  let made = 0;
  let previous: readonly Account[] = [];
  try {
    await process.tell("make", warmUp);
    made += warmUp.traces * spansPerTrace;
    await settle();
    for (let round = 0; round < rounds; round += 1)
      for (const backlog of backlogs) {
        const times = Math.ceil(leastSpans / (backlog.traces * spansPerTrace));
        const spans = backlog.traces * spansPerTrace * times;
        const before = await process.readCpuMicros();
        for (let time = 0; time < times; time += 1) await makeBacklog(process, backlog.traces);
        await settle();
        made += spans;
        const accounts = await readAccounts(peer, process, made, () => receiver.read(sender));
        backlog.costs.push(((await process.readCpuMicros()) - before) / spans);
        backlog.made += spans;
        noteLost(backlog, accounts, previous);
        previous = accounts;
      }
  } finally {
    await process.stop();
  }
  return drawBacklogs(backlogs);
}

async function makeBacklog(process: SpanProcess, traces: number): Promise<void> {
  await process.tell("open", { traces, spansPerTrace });
  await process.tell("end", endMillis);
}

/** Accounts are those of the whole life of the process. */
function noteLost({ lost }: Backlog, accounts: readonly Account[], previous: readonly Account[]): void {
  for (const account of accounts) {
    const { backEnd } = account;
    const earlier = previous.find((one) => one.backEnd === backEnd);
    const more = countDropped(account) - (earlier ? countDropped(earlier) : 0);
    lost.set(backEnd, (lost.get(backEnd) ?? 0) + more);
  }
}

function countDropped({ dropped = {} }: Account): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

function drawBacklogs(backlogs: readonly Backlog[]): string {
  const rows = backlogs.map(({ traces, costs, made, lost }) => {
    const { median, min, max } = describeSpread(costs);
    return [
      traces.toLocaleString("en"),
      `${median.toFixed(1)} (${min.toFixed(1)}–${max.toFixed(1)})`,
      ...(["sentry", "otlp"] as const).map((backEnd) => {
        const count = lost.get(backEnd) ?? 0;
        return count === 0 ? "none" : `${((100 * count) / made).toFixed(1)} %`;
      }),
    ];
  });
  return drawTable(["traces that end in a second", "µs a span", "dropped for Sentry", "for OTLP"], rows);
}
