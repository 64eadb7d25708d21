import type { Peer } from "../peers.ts";
import type { CountingReceiver } from "../receiver.ts";
import type { Memory } from "../spans/commands.ts";
import { startSpanProcess, type SpanProcess } from "../spans/span-process.ts";
import { readAccounts, type Account } from "../spans/account.ts";

/** A peer under one kind of trouble, in a fresh process. */
export interface Subject {
  readonly peer: Peer;
  readonly sender: string;
  readonly process: SpanProcess;
  /** Before the first span, after a garbage collection. */
  readonly before: Memory;
}

/** What became of its memory and of its spans. */
export interface Outcome {
  readonly peer: Peer;
  readonly before: Memory;
  readonly peak: Memory;
  /** After everything was sent or given up, and a garbage collection. */
  readonly after: Memory;
  readonly accounts: readonly Account[];
}

export async function startSubject(peer: Peer, kind: string, receiver: CountingReceiver): Promise<Subject> {
  const sender = `${peer.name}-${kind}`;
  const process = await startSpanProcess(peer, receiver.addressOf(sender));
  const before = await process.readMemory();
  await process.tell("readPeak");
  return { peer, sender, process, before };
}

/** When all spans are made and the back ends answer: waits for the end of them all, and reads the accounts. */
export async function readOutcome(
  { peer, sender, process, before }: Subject,
  spans: number,
  receiver: CountingReceiver,
): Promise<Outcome> {
  await process.flush();
  const accounts = await readAccounts(peer, process, spans, () => receiver.read(sender));
  const peak = await process.tell("readPeak");
  return { peer, before, peak, after: await process.readMemory(), accounts };
}
