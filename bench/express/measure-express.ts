import { rotate } from "../measure/rounds.ts";
import { isOwn, type Peer } from "../peers.ts";
import type { Counts } from "../receiver/counts.ts";
import { startExpressSystem, type Driven, type ExpressService } from "./express-system.ts";

export interface ExpressPlan {
  /** Requests to each service before the first round; none is measured. */
  warmUp: number;
  /**
   * Requests to a service right before the measured ones of a round: what it left behind when it was idle comes back. What
   * they cost until they are answered is not measured; their spans are sent later, with the others.
   */
  resume: number;
  /** Requests to a service in a round. */
  requests: number;
  rounds: number;
  connections: number;
}

/** What a peer's requests sent over one protocol, a trace. */
export interface SentPerTrace {
  requests: number;
  /** As sent, and before compression. */
  sentBytes: number;
  bytes: number;
}

export interface ExpressMeasurement {
  peer: Peer;
  /** Microseconds of CPU a request, by round: all threads and child processes, until everything is sent. */
  cpuMicros: number[];
  sentry?: SentPerTrace;
  otlp?: SentPerTrace;
  /** Rounds that were run again because the peer had dropped spans in them. */
  repeated: number;
  /** The largest share of spans that the peer dropped in a round that counts; always 0 of ours. */
  lostShare: number;
}

type Running = ExpressMeasurement & { service: ExpressService };

/** A foreign SDK that drops spans is measured again so often in a run, as it did less work. */
const maxRepeated = 5;
/** After that a round counts in which it dropped less than this, in its favour. */
const maxLostShare = 0.05;

/**
 * Every service is started once and warmed up; then each round drives one service after the other, in an order that
 * moves on by one, so that none is always the first or follows the same other.
 */
export async function measureExpress(
  peers: readonly Peer[],
  plan: ExpressPlan,
): Promise<ExpressMeasurement[]> {
  const system = await startExpressSystem();
  try {
    const running: Running[] = [];
    for (const peer of peers) {
      const service = await system.startService(peer);
      const one: Running = { peer, service, cpuMicros: [], repeated: 0, lostShare: 0 };
      await service.send(plan.warmUp, plan.connections);
      accepts(one, await service.collect());
      running.push(one);
    }
    for (let round = 0; round < plan.rounds; round += 1) {
      process.stderr.write(`round ${round + 1} of ${plan.rounds}\n`);
      for (const one of rotate(running, round)) while (!(await measureRound(one, plan)));
    }
    return running;
  } finally {
    await system.stop();
  }
}

/** Whether the round counts. */
async function measureRound(one: Running, plan: ExpressPlan): Promise<boolean> {
  const { requests, connections, resume } = plan;
  const { service } = one;
  // No flush in between: Sentry's waits for seconds, and that process alone would be idle again.
  await service.send(resume, connections);
  const before = await service.process.readCpuMicros();
  await service.send(requests, connections);
  const driven = await service.collect();
  const cpuMicros = (await service.process.readCpuMicros()) - before;
  if (!accepts(one, driven)) return false;
  one.cpuMicros.push(cpuMicros / requests);
  one.lostShare = Math.max(one.lostShare, driven.lostShare);
  const { sentry, otlp } = driven.received;
  if (sentry.traces > 0) one.sentry = addRound(one.sentry, sentry, one.cpuMicros.length);
  if (otlp.traces > 0) one.otlp = addRound(one.otlp, otlp, one.cpuMicros.length);
  return true;
}

/** Ours may lose nothing; nobody may send anything else than the spans of the requests. */
function accepts(one: Running, { complaint, lostShare }: Driven): boolean {
  if (complaint === "") return true;
  if (isOwn(one.peer) || lostShare === 0) throw new Error(complaint);
  process.stderr.write(`${complaint}\n`);
  if (one.repeated < maxRepeated) {
    one.repeated += 1;
    return false;
  }
  if (lostShare < maxLostShare) return true;
  throw new Error(complaint);
}

/** The mean of all rounds so far. */
function addRound(mean: SentPerTrace | undefined, counts: Counts, rounds: number): SentPerTrace {
  const add = (before: number | undefined, sum: number): number =>
    ((before ?? 0) * (rounds - 1) + sum / counts.traces) / rounds;
  return {
    requests: add(mean?.requests, counts.requests),
    sentBytes: add(mean?.sentBytes, counts.sentBytes),
    bytes: add(mean?.bytes, counts.bytes),
  };
}
