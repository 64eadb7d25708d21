import { checkOwn, checkWritten, countArrived } from "./isolation/check-arrivals.ts";
import { describeIsolation, type Measured } from "./isolation/describe-isolation.ts";
import { profileIsolation } from "./isolation/profile-isolation.ts";
import type { BenchOptions } from "./main.ts";
import { rotate } from "./measure/rounds.ts";
import { isOwn, preparePeers, type Peer } from "./peers.ts";
import { startCountingReceiver, type CountingReceiver } from "./receiver.ts";
import { describeMachine, readLoad } from "./results.ts";
import type { Load } from "./spans/commands.ts";
import { makeSpans, readCost, settle, startSubject, type Subject } from "./spans/subject.ts";

interface Plan {
  rounds: number;
  /** Seconds of load in a round. */
  seconds: number;
  /** Until the code is compiled. */
  warmUpTraces: number;
}

const fullPlan: Plan = { rounds: 4, seconds: 2, warmUpTraces: 3_000 };
const quickPlan: Plan = { rounds: 1, seconds: 1, warmUpTraces: 200 };

const spansPerTrace = 10;
/** More of them would overflow the 64 places that Sentry 10 and 11 have for requests. */
const tracesPerSecond = 300;
/** Where nothing is on its way: what a process does rarely costs more, since its caches are cold by then. */
const writtenTracesPerSecond = 1_500;
const warmUpTracesPerSecond = 1_000;
const checkedTraces = 40;
const profiledLoad: Load = { traces: 10_000, spansPerTrace, tracesPerSecond: writtenTracesPerSecond };

/** What a span costs where nothing but spans is made. */
export async function benchIsolation({ quick, before, only, profile }: BenchOptions): Promise<string> {
  if (profile) return profileIsolation(await preparePeers({ before, only }), profiledLoad);
  const plan = quick ? quickPlan : fullPlan;
  const load = readLoad();
  const peers = await choosePeers({ before, only });
  const receiver = await startCountingReceiver();
  const subjects: Measured[] = [];
  try {
    const readings = [true, false].flatMap((isOffline) => peers.map((peer) => ({ peer, isOffline })));
    for (const { peer, isOffline } of readings)
      if (isOffline || peer.sendsTo.length > 0)
        subjects.push({ ...(await startSubject(peer, isOffline, receiver)), costs: [] });
    await checkRequests(subjects, receiver);
    await warmUp(subjects, plan, receiver);
    for (let round = 0; round < plan.rounds; round += 1) {
      process.stderr.write(`round ${round + 1} of ${plan.rounds}\n`);
      for (const subject of rotate(subjects, round))
        await readCost(subject, loadOf(subject, plan.seconds), subject.costs);
    }
    await Promise.all(subjects.map((subject) => subject.reading));
    const shares = await readShares(subjects, receiver);
    return [describeMachine(load), "", describeIsolation(subjects, shares, plan.rounds)].join("\n");
  } finally {
    await Promise.all(subjects.map((subject) => subject.process.stop()));
    await receiver.stop();
  }
}

const compared = new Set(["none", "otel-otlp", "sentry-11", "sentry-10"]);

/** Those of the other benches that differ here, a batch processor alone, and the bridge beside one. */
async function choosePeers({ before, only }: Pick<BenchOptions, "before" | "only">): Promise<Peer[]> {
  const peers = await preparePeers({ before, only });
  return peers
    .filter((peer) => compared.has(peer.name) || (isOwn(peer) && peer.sendsTo.length > 0))
    .flatMap((peer) => {
      if (peer.name === "otel-otlp") return [createBatchOnly(peer), peer];
      return peer.name === "ours-sentry" ? [createBridgeAndBatch(peer), peer] : [peer];
    });
}

function createBridgeAndBatch(ours: Peer): Peer {
  const instrument = new URL("peers/bridge-and-batch.mjs", import.meta.url).href;
  return {
    ...ours,
    name: "ours-batch",
    nodeArguments: ["--conditions=tracebridge-source", "--import", instrument],
  };
}

function createBatchOnly(otel: Peer): Peer {
  const instrument = new URL("batch-only.mjs", otel.folder).href;
  return { ...otel, name: "otel-batch", sendsTo: [], nodeArguments: ["--import", instrument] };
}

/** All that is made here is written by every subject that sends. */
async function checkRequests(subjects: readonly Subject[], receiver: CountingReceiver): Promise<void> {
  const writing = subjects.filter(({ isOffline, peer }) => isOffline && peer.sendsTo.length > 0);
  for (const subject of writing) {
    await subject.process.tell("keepSent", true);
    await makeSpans(subject, { traces: checkedTraces, spansPerTrace, tracesPerSecond });
  }
  await settle();
  for (const subject of writing) await checkWritten(subject, receiver);
}

/** At a rate at which some lose spans: what has arrived by then does not count. */
async function warmUp(
  subjects: readonly Subject[],
  { warmUpTraces: traces }: Plan,
  receiver: CountingReceiver,
): Promise<void> {
  await inPairs(subjects, (subject) =>
    makeSpans(subject, { traces, spansPerTrace, tracesPerSecond: warmUpTracesPerSecond }),
  );
  await settle();
  for (const subject of subjects) {
    await receiver.take(subject.sender);
    subject.spans = 0;
  }
}

async function inPairs<T>(list: readonly T[], act: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < list.length; at += 2) await Promise.all(list.slice(at, at + 2).map(act));
}

function loadOf({ isOffline }: Subject, seconds: number): Load {
  const perSecond = isOffline ? writtenTracesPerSecond : tracesPerSecond;
  return { traces: Math.round(perSecond * seconds), spansPerTrace, tracesPerSecond: perSecond };
}

/** Of each subject that really sends, which share of its spans has arrived. */
async function readShares(
  subjects: readonly Subject[],
  receiver: CountingReceiver,
): Promise<ReadonlyMap<Subject, number>> {
  const shares = new Map<Subject, number>();
  for (const subject of subjects) {
    if (subject.isOffline) continue;
    const arrived = countArrived(subject.peer.sendsTo, await receiver.read(subject.sender));
    checkOwn(subject, arrived);
    shares.set(subject, arrived / subject.spans);
  }
  return shares;
}
