import type { Peer } from "../peers.ts";
import type { Counts } from "../receiver/counts.ts";
import { LostSpansError, startExpressSystem, type ExpressService } from "./express-system.ts";

export interface ExpressPlan {
  /** Requests to each service before the first round; none is measured. */
  warmUp: number;
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
  /** Rounds that were run again as the peer had dropped spans in them. */
  repeated: number;
}

type Running = ExpressMeasurement & { service: ExpressService };

/** A foreign SDK that drops spans under this little load may try again so often in a run. */
const maxRepeated = 5;

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
      const one: Running = { peer, service, cpuMicros: [], repeated: 0 };
      await tryAgain(one, () => service.drive(plan.warmUp, plan.connections));
      running.push(one);
    }
    for (let round = 0; round < plan.rounds; round += 1) {
      process.stderr.write(`round ${round + 1} of ${plan.rounds}\n`);
      const start = round % running.length;
      for (const one of [...running.slice(start), ...running.slice(0, start)]) {
        await tryAgain(one, () => measureRound(one, plan));
      }
    }
    return running;
  } finally {
    await system.stop();
  }
}

async function measureRound(one: Running, { requests, connections }: ExpressPlan): Promise<void> {
  const { process } = one.service;
  const before = await process.readCpuMicros();
  const { sentry, otlp } = await one.service.drive(requests, connections);
  one.cpuMicros.push(((await process.readCpuMicros()) - before) / requests);
  if (sentry.traces > 0) one.sentry = addRound(one.sentry, sentry, one.cpuMicros.length);
  if (otlp.traces > 0) one.otlp = addRound(one.otlp, otlp, one.cpuMicros.length);
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

/** Ours may lose nothing. A foreign SDK that did is measured again: a round in which it did less work is no measure. */
async function tryAgain(one: Running, run: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await run();
      return;
    } catch (error) {
      const isForeign = !/^(ours|before)-/.test(one.peer.name);
      if (!(error instanceof LostSpansError && isForeign) || one.repeated >= maxRepeated) throw error;
      one.repeated += 1;
    }
  }
}
