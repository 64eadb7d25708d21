import { setTimeout as sleep } from "node:timers/promises";
import type { Peer } from "../peers.ts";
import type { CountingReceiver } from "../receiver.ts";
import type { Load } from "../spans/commands.ts";
import { startSpanProcess, type SpanProcess } from "../spans/span-process.ts";

/** A peer in one of the two readings, in a process of its own that lives through all rounds. */
export interface Subject {
  readonly peer: Peer;
  readonly isOffline: boolean;
  /** Its name at the receiver. */
  readonly sender: string;
  readonly process: SpanProcess;
  /** Spans made so far. */
  spans: number;
  /** Microseconds per span, one reading a round. */
  readonly costs: number[];
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
  return { peer, isOffline, sender, process, spans: 0, costs: [], reading: Promise.resolve() };
}

export async function makeSpans(subject: Subject, load: Load): Promise<void> {
  subject.spans += load.traces * load.spansPerTrace;
  await subject.process.tell("make", load);
}

/**
 * Reads the cost of one load, all that follows from it within `settleMillis` included. Resolves when the load is made: the
 * next subject works while this one sends what it held back.
 */
export async function readCost(subject: Subject, load: Load, settleMillis: number): Promise<void> {
  await subject.reading;
  const before = await subject.process.readCpuMicros();
  await makeSpans(subject, load);
  const finish = async (): Promise<void> => {
    await sleep(settleMillis);
    const after = await subject.process.readCpuMicros();
    subject.costs.push((after - before) / (load.traces * load.spansPerTrace));
  };
  subject.reading = finish();
}
