import { setTimeout as sleep } from "node:timers/promises";
import type { BenchOptions } from "./main.ts";
import { describeAccounts, describeMemory } from "./memory/describe-memory.ts";
import { readOutcome, startSubject, type Outcome, type Subject } from "./memory/subject.ts";
import { preparePeers, type Peer } from "./peers.ts";
import { startCountingReceiver, type CountingReceiver } from "./receiver.ts";
import { describeMachine, readLoad } from "./results.ts";

interface Plan {
  burstTraces: number;
  hungSeconds: number;
  /** Load that goes on when the back ends are back. */
  recoverySeconds: number;
}

const fullPlan: Plan = { burstTraces: 10_000, hungSeconds: 60, recoverySeconds: 15 };
const quickPlan: Plan = { burstTraces: 500, hungSeconds: 5, recoverySeconds: 2 };

const spansPerTrace = 10;
const tracesPerSecond = 100;
const compared = new Set(["otel-otlp", "sentry-11", "ours-both", "before-both"]);

/** What a burst of spans and hung back ends do to the memory, and what becomes of the spans. */
export async function benchMemory({ quick, before, only }: BenchOptions): Promise<string> {
  const plan = quick ? quickPlan : fullPlan;
  const load = readLoad();
  const peers = (await preparePeers({ before, only })).filter(({ name }) => compared.has(name));
  const receiver = await startCountingReceiver();
  try {
    const bursts: Outcome[] = [];
    for (const peer of peers) bursts.push(await measureBurst(peer, receiver, plan));
    const outages = await measureOutage(peers, receiver, plan);
    return [describeMachine(load), "", describe(bursts, outages, plan)].join("\n");
  } finally {
    await receiver.stop();
  }
}

async function measureBurst(peer: Peer, receiver: CountingReceiver, { burstTraces }: Plan): Promise<Outcome> {
  process.stderr.write(`burst: ${peer.name}\n`);
  const subject = await startSubject(peer, "burst", receiver);
  try {
    await subject.process.tell("burst", { traces: burstTraces, spansPerTrace });
    return await readOutcome(subject, burstTraces * spansPerTrace, receiver);
  } finally {
    await subject.process.stop();
  }
}

/** All peers at once: the back ends are slow for all of them, and no processor time is measured. */
async function measureOutage(
  peers: readonly Peer[],
  receiver: CountingReceiver,
  { hungSeconds, recoverySeconds }: Plan,
): Promise<Outcome[]> {
  process.stderr.write(`both back ends hang for ${hungSeconds} s\n`);
  const subjects: Subject[] = [];
  const traces = (hungSeconds + recoverySeconds) * tracesPerSecond;
  try {
    for (const peer of peers) subjects.push(await startSubject(peer, "outage", receiver));
    await receiver.hang();
    const loads = Promise.all(
      subjects.map((subject) => subject.process.tell("make", { traces, spansPerTrace, tracesPerSecond })),
    );
    await sleep(hungSeconds * 1000);
    await receiver.resume();
    await loads;
    return await Promise.all(
      subjects.map((subject) => readOutcome(subject, traces * spansPerTrace, receiver)),
    );
  } finally {
    await Promise.all(subjects.map((subject) => subject.process.stop()));
  }
}

function describe(bursts: readonly Outcome[], outages: readonly Outcome[], plan: Plan): string {
  const burst = plan.burstTraces * spansPerTrace;
  const rate = tracesPerSecond * spansPerTrace;
  return [
    "*Held* is the heap and the buffers outside of it; *before* and *after* are read after a garbage collection, *peak* every 20 ms.",
    "For ours the run fails unless every span is delivered or dropped for a reason, and all that counts as delivered has arrived.",
    "",
    `A burst of ${burst} spans, in traces of ten, as fast as the process can make them; both back ends answer at once:`,
    "",
    describeMemory(bursts),
    "",
    describeAccounts(bursts),
    "",
    `Both back ends accept requests and do not answer for ${plan.hungSeconds} s, while ${rate} spans a second are made; then they`,
    `answer again, and the load goes on for ${plan.recoverySeconds} s:`,
    "",
    describeMemory(outages),
    "",
    describeAccounts(outages),
  ].join("\n");
}
