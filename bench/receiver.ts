import { once } from "node:events";
import { forkHelper, nextMessage } from "./measure/measured-process.ts";
import { readProcessCpuMicros } from "./measure/process-cpu.ts";
import { addressOf, type SenderAddress } from "./receiver/address.ts";
import type { Received, ReceiverAnswer, ReceiverQuestion } from "./receiver/question.ts";

/** Sentry and OTLP back end in one process of its own, which counts. */
export interface CountingReceiver {
  /** Where a sender of that name sends to. Names may be any word that fits in a URL's path. */
  addressOf(sender: string): SenderAddress;
  /** What has arrived from a sender since the start or the last `take`. Throws when the receiver could not read something. */
  read(sender: string): Promise<Received>;
  /** The same, and counts anew from here on. */
  take(sender: string): Promise<Received>;
  /** From now on no request is answered; what comes is read and not counted. */
  hang(): Promise<void>;
  /** Answers again; connections that wait are cut. */
  resume(): Promise<void>;
  /** Microseconds of processor time since its start, to 10 ms. */
  readCpuMicros(): Promise<number>;
  stop(): Promise<void>;
}

export async function startCountingReceiver(): Promise<CountingReceiver> {
  const child = forkHelper(new URL("receiver/main.ts", import.meta.url));
  const { port } = await nextMessage<{ port: number }>(child);
  let last = 0;
  const ask = async (what: ReceiverQuestion["ask"], sender?: string): Promise<Received> => {
    last += 1;
    const question = last;
    child.send({ question, ask: what, sender } satisfies ReceiverQuestion);
    let answer: ReceiverAnswer;
    do answer = await nextMessage<ReceiverAnswer>(child);
    while (answer.question !== question);
    if (answer.failure !== undefined) throw new Error(`the receiver: ${answer.failure}`);
    return answer;
  };
  return {
    addressOf: (sender) => addressOf(port, sender),
    read: (sender) => ask("read", sender),
    take: (sender) => ask("take", sender),
    hang: async () => void (await ask("hang")),
    resume: async () => void (await ask("resume")),
    readCpuMicros: async () => (child.pid === undefined ? 0 : readProcessCpuMicros(child.pid)),
    stop: async () => {
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
}
