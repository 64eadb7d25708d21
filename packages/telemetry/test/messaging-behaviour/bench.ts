import { setTimeout as sleep } from "node:timers/promises";
import amqp from "amqplib";
import type { Channel, ChannelModel, ConfirmChannel, ConsumeMessage, Options } from "amqplib";
import { getTelemetry, runUntraced } from "@tracebridge/telemetry";

/** What a scenario saw itself; it goes to the test as JSON. */
export type Facts = Readonly<Record<string, unknown>>;
export type Scenario = (bench: Bench) => Promise<Facts>;

/** A connection and a queue of one scenario's own, over plain amqplib. */
export interface Bench {
  readonly url: string;
  readonly queue: string;
  /** A channel that tells its errors. */
  readonly openChannel: () => Promise<{ channel: Channel; errors: string[] }>;
  readonly openConfirmChannel: () => Promise<ConfirmChannel>;
  /** Puts messages into the queue, each confirmed. */
  readonly send: (...bodies: string[]) => Promise<void>;
  /** Messages that wait in the queue, and consumers that it has. */
  readonly look: () => Promise<{ waiting: number; consumers: number }>;
  readonly waitUntilWaiting: (count: number) => Promise<void>;
}

const POLL_MILLIS = 20;

export async function openBench(url: string, queue: string): Promise<Bench & { close(): Promise<void> }> {
  const connection = await amqp.connect(url);
  const watcher = await connection.createConfirmChannel();
  await watcher.assertQueue(queue);
  const look: Bench["look"] = async () => {
    const { messageCount, consumerCount } = await watcher.checkQueue(queue);
    return { waiting: messageCount, consumers: consumerCount };
  };
  return {
    url,
    queue,
    look,
    openChannel: async () => {
      const channel = await connection.createChannel();
      const errors: string[] = [];
      channel.on("error", (error: Error) => errors.push(error.message));
      return { channel, errors };
    },
    openConfirmChannel: () => connection.createConfirmChannel(),
    send: async (...bodies) => {
      for (const body of bodies) {
        await new Promise<void>((resolve, reject) => {
          watcher.publish("", queue, Buffer.from(body), { messageId: body }, (error) =>
            error ? reject(error as Error) : resolve(),
          );
        });
      }
    },
    waitUntilWaiting: async (count) => {
      while ((await look()).waiting !== count) await sleep(POLL_MILLIS);
    },
    close: async () => {
      await runUntraced(() => watcher.deleteQueue(queue));
      await connection.close();
    },
  };
}

/** How many spans have ended in this process so far: tells when a span ended, whatever the clock says. */
export function countEndedSpans(): number {
  return getTelemetry()?.stats().spans.ended ?? 0;
}

/** Consumes; resolves with the first `count` messages, in the order in which they came. */
export function takeMessages(
  channel: Channel,
  queue: string,
  count: number,
  onMessage: (message: ConsumeMessage, number: number) => unknown = () => {},
  options: Options.Consume = {},
): Promise<ConsumeMessage[]> {
  const taken: ConsumeMessage[] = [];
  return new Promise((resolve, reject) => {
    const handle = (message: ConsumeMessage | null): void => {
      if (!message) return;
      taken.push(message);
      onMessage(message, taken.length);
      if (taken.length === count) resolve(taken);
    };
    channel.consume(queue, handle, options).catch(reject);
  });
}

/** `once` of node:events would reject with the error that comes before. */
export function waitForClose(of: Channel | ChannelModel): Promise<void> {
  return new Promise((resolve) => of.once("close", () => resolve()));
}
