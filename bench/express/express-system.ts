import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ChildProcess } from "node:child_process";
import { forkHelper, nextMessage, type MeasuredProcess } from "../measure/measured-process.ts";
import { startPeer, type BackEnd, type Peer } from "../peers.ts";
import { startCountingReceiver, type CountingReceiver } from "../receiver.ts";
import type { Counts } from "../receiver/counts.ts";
import type { Received } from "../receiver/question.ts";
import type { Load } from "./driver.ts";

/** Receiver, leaf and driver, each a process of its own, and the services under their peers. */
export interface ExpressSystem {
  startService(peer: Peer, nodeArguments?: readonly string[]): Promise<ExpressService>;
  stop(): Promise<void>;
}

export interface ExpressService {
  readonly peer: Peer;
  readonly process: MeasuredProcess;
  /** Sends requests; resolves when the last one is answered. */
  send(requests: number, connections: number): Promise<void>;
  /** Flushes, and resolves when every span of all requests since the last time has arrived or is given up. */
  collect(): Promise<Driven>;
}

/** What came of the requests. */
export interface Driven {
  received: Received;
  /** The share of their spans that did not arrive. */
  lostShare: number;
  /** Empty when exactly the spans of these requests arrived. */
  complaint: string;
}

/** What every peer makes of a request: the server's span, the handler's, and the client's. */
export const spansPerTrace = 3;

/** Spans that were flushed arrive within this time, or are lost. */
const arrivalMillis = 10_000;
const pollMillis = 100;

/** Sentry 11 drops what exceeds 64 envelopes on their way: a pause now and then lets it catch up. Alike for every peer. */
export const pace = { burst: 50, pauseMillis: 10 };

export async function startExpressSystem(): Promise<ExpressSystem> {
  const receiver = await startCountingReceiver();
  const leaf = forkHelper(new URL("leaf.ts", import.meta.url));
  const driver = forkHelper(new URL("driver.ts", import.meta.url));
  const { port: leafPort } = await nextMessage<{ port: number }>(leaf);
  const started: MeasuredProcess[] = [];
  return {
    startService: async (peer, nodeArguments) => {
      const service = startPeer(peer, receiver.addressOf(peer.name), {
        program: fileURLToPath(new URL("service.ts", import.meta.url)),
        nodeArguments,
        env: { LEAF_PORT: String(leafPort) },
      });
      started.push(service);
      const { port } = await service.nextMessage<{ port: number }>();
      let traces = 0;
      return {
        peer,
        process: service,
        send: async (requests, connections) => {
          traces += requests;
          await sendLoad(driver, { ...pace, port, requests, connections });
        },
        collect: async () => {
          await service.flush();
          const driven = await awaitArrival(receiver, peer, traces);
          traces = 0;
          return driven;
        },
      };
    },
    stop: async () => {
      for (const service of started) await service.stop();
      for (const helper of [leaf, driver]) helper.disconnect();
      await receiver.stop();
    },
  };
}

async function sendLoad(driver: ChildProcess, load: Load): Promise<void> {
  driver.send(load);
  const { failure } = await nextMessage<{ failure?: string }>(driver);
  if (failure !== undefined) throw new Error(`a request failed: ${failure}`);
}

async function awaitArrival(receiver: CountingReceiver, peer: Peer, traces: number): Promise<Driven> {
  const deadline = performance.now() + arrivalMillis;
  for (;;) {
    const received = await receiver.read(peer.name);
    const driven = examine(peer, received, traces);
    const over = received.sentry.discardedSpans > 0 || performance.now() > deadline;
    if (driven.complaint === "" || over) {
      await receiver.take(peer.name);
      return driven;
    }
    await setTimeout(pollMillis);
  }
}

function examine({ name, sendsTo }: Peer, received: Received, traces: number): Driven {
  const expected = traces * spansPerTrace;
  const faulty = sendsTo.filter((backEnd) => !isComplete(received[backEnd], traces));
  const tell = (backEnd: BackEnd): string => `${backEnd} ${JSON.stringify(received[backEnd])}`;
  return {
    received,
    lostShare: Math.max(0, ...sendsTo.map((backEnd) => 1 - received[backEnd].spans / expected)),
    complaint:
      faulty.length === 0
        ? ""
        : `${name}: not exactly ${spansPerTrace} spans of each of ${traces} traces arrived: ${faulty.map(tell).join("; ")}`,
  };
}

function isComplete({ tracesBySpans, duplicates }: Counts, traces: number): boolean {
  return (
    tracesBySpans[spansPerTrace] === traces && Object.keys(tracesBySpans).length === 1 && duplicates === 0
  );
}
