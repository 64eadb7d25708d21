import { setTimeout as sleep } from "node:timers/promises";
import type { Peer } from "../peers.ts";
import type { CountingReceiver } from "../receiver.ts";
import type { Load } from "./commands.ts";
import { startSpanProcess, type SpanProcess } from "./span-process.ts";

/** Batch processors and Sentry's buffers hold spans back for 5 s. */
const settleMillis = 6_500;

/** A peer that sends or only writes what it would send, in a process of its own that lives through all rounds. */
export interface Subject {
  readonly peer: Peer;
  readonly isOffline: boolean;
  /** Its name at the receiver. */
  readonly sender: string;
  readonly process: SpanProcess;
  /** Spans made so far. */
  spans: number;
  /** Settles when the last reading is there. */
  reading: Promise<void>;
}

export async function startSubject(
  peer: Peer,
  isOffline: boolean,
  receiver: CountingReceiver,
): Promise<Subject> {
  const sender = isOffline ? `${peer.name}-offline` : peer.name;
  const process = await startSpanProcess(peer, receiver.addressOf(sender), { isOffline });
  return { peer, isOffline, sender, process, spans: 0, reading: Promise.resolve() };
}

export async function makeSpans(subject: Subject, load: Load): Promise<void> {
  subject.spans += load.traces * load.spansPerTrace;
  await subject.process.tell("make", load);
}

/** Until nothing is held back any more. */
export async function settle(): Promise<void> {
  await sleep(settleMillis);
}

/**
 * Adds to `costs` what a span of this load costs, in microseconds, with all that follows from it until nothing is held back.
 * Resolves when the load is made: the next subject works while this one sends what it held back.
 */
export async function readCost(subject: Subject, load: Load, costs: number[]): Promise<void> {
  await subject.reading;
  const before = await subject.process.readCpuMicros();
  await makeSpans(subject, load);
  const finish = async (): Promise<void> => {
    await settle();
    const after = await subject.process.readCpuMicros();
    costs.push((after - before) / (load.traces * load.spansPerTrace));
  };
  subject.reading = finish();
}
