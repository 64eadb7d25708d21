import { fileURLToPath } from "node:url";
import type { ChildProcess } from "node:child_process";
import { forkHelper, nextMessage, type MeasuredProcess } from "../measure/measured-process.ts";
import { startPeer, type Peer } from "../peers.ts";
import { startCountingReceiver, type CountingReceiver } from "../receiver.ts";
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
  /** Resolves when every span has arrived of the requests; throws when some do not. */
  drive(requests: number, connections: number): Promise<Received>;
}

/** What every peer makes of a request: the server's span, the handler's, and the client's. */
export const spansPerTrace = 3;

/** Spans that were flushed arrive within this time, or are lost. */
const arrivalMillis = 10_000;
const pollMillis = 100;

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
      return {
        peer,
        process: service,
        drive: async (requests, connections) => {
          await sendLoad(driver, { port, requests, connections });
          await service.flush();
          return awaitArrival(receiver, peer, requests);
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

/** Spans that did not all arrive: the round is worth nothing. */
export class LostSpansError extends Error {
  override name = "LostSpansError";
}

async function sendLoad(driver: ChildProcess, load: Load): Promise<void> {
  driver.send(load);
  const { failure } = await nextMessage<{ failure?: string }>(driver);
  if (failure !== undefined) throw new Error(`a request failed: ${failure}`);
}

async function awaitArrival(receiver: CountingReceiver, peer: Peer, traces: number): Promise<Received> {
  const deadline = performance.now() + arrivalMillis;
  for (;;) {
    const { sentry, otlp } = await receiver.read(peer.name);
    const missing = peer.sendsTo.filter((backEnd) => !isComplete({ sentry, otlp }[backEnd], traces));
    const gaveUp = sentry.discardedSpans > 0 || performance.now() > deadline;
    if (missing.length === 0 || gaveUp) {
      const received = await receiver.take(peer.name);
      if (missing.length === 0) return received;
      throw new LostSpansError(describeLoss(peer, missing, received, traces));
    }
    await new Promise((resolve) => setTimeout(resolve, pollMillis));
  }
}

function isComplete({ tracesBySpans, duplicates }: Received["sentry"], traces: number): boolean {
  return (
    tracesBySpans[spansPerTrace] === traces && Object.keys(tracesBySpans).length === 1 && duplicates === 0
  );
}

function describeLoss(
  { name }: Peer,
  missing: readonly ("sentry" | "otlp")[],
  received: Received,
  traces: number,
): string {
  const arrived = missing.map((backEnd) => `${backEnd} ${JSON.stringify(received[backEnd])}`);
  return `${name}: of ${traces} traces of ${spansPerTrace} spans arrived: ${arrived.join("; ")}`;
}
