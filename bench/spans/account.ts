import { setTimeout as sleep } from "node:timers/promises";
import type { SinkStats, TelemetryStats } from "@tracebridge/telemetry";
import type { BackEnd, Peer } from "../peers.ts";
import type { Received } from "../receiver/question.ts";
import type { SpanProcess } from "./span-process.ts";

/** What became of the spans for one back end. */
export interface Account {
  readonly backEnd: BackEnd;
  readonly made: number;
  /** At the receiver, each counted once. */
  readonly arrived: number;
  /** By reason, as the process itself counts; `undefined` where it does not count. */
  readonly dropped: Readonly<Record<string, number>> | undefined;
  /** Losses that Sentry's SDK has reported to the receiver. */
  readonly reported: number;
}

/** Longer than any request or retry of ours lasts. */
const MAX_OPEN_MILLIS = 60_000;
const LOOK_MILLIS = 500;

/** @throws Error where our own account does not add up, or claims more than has arrived */
export async function readAccounts(
  peer: Peer,
  process: SpanProcess,
  made: number,
  readReceived: () => Promise<Received>,
): Promise<Account[]> {
  const stats = await waitForEnd(peer, process);
  const received = await readReceived();
  return peer.sendsTo.map((backEnd) => {
    const { spans: arrived, discardedSpans: reported } = received[backEnd];
    const own = stats && readSink(stats, backEnd);
    if (stats && own) checkAccount(`${peer.name}, ${backEnd}`, { stats, own, made, arrived });
    return { backEnd, made, arrived, dropped: own?.dropped, reported };
  });
}

/** Ours knows when nothing is under way any more; others have been flushed, and say no more. */
async function waitForEnd(peer: Peer, process: SpanProcess): Promise<TelemetryStats | undefined> {
  for (
    const start = performance.now();
    performance.now() - start < MAX_OPEN_MILLIS;
    await sleep(LOOK_MILLIS)
  ) {
    const stats = await process.tell("readStats");
    if (!stats || peer.sendsTo.every((backEnd) => countOpen(readSink(stats, backEnd)) === 0)) return stats;
  }
  const stats = await process.tell("readStats");
  throw new Error(`${peer.name} has spans of which nothing became: ${JSON.stringify(stats)}`);
}

function readSink({ spans, sentry }: TelemetryStats, backEnd: BackEnd): SinkStats | undefined {
  return backEnd === "sentry" ? sentry?.spans : spans.sinks[backEnd];
}

function countOpen(sink: SinkStats | undefined): number {
  if (!sink) return 0;
  return sink.accepted - sink.delivered - sum(Object.values(sink.dropped));
}

function checkAccount(
  name: string,
  { stats, own, made, arrived }: { stats: TelemetryStats; own: SinkStats; made: number; arrived: number },
): void {
  const told = JSON.stringify(own);
  if (own.accepted !== made) throw new Error(`${name}: ${made} spans were made, the account is ${told}`);
  if (stats.unaccounted !== 0) throw new Error(`${name}: ${stats.unaccounted} spans are unaccounted`);
  if (own.delivered > arrived) throw new Error(`${name}: ${arrived} spans arrived, the account is ${told}`);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
