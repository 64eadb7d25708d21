import { Worker } from "node:worker_threads";
import type { ComparisonReply, ComparisonRequest } from "./protocol.ts";

/** Asks the worker; every call fails when it ends. */
export interface ComparisonThread {
  ask(call: ComparisonRequest["call"]): Promise<string | undefined>;
  close(): Promise<void>;
}

export function startComparisonThread(onEnd: () => void): ComparisonThread {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    // Threads inherit --import and with it whatever the process preloads; this one needs none of it.
    execArgv: ["--conditions=tracebridge-source", "--disable-warning=ExperimentalWarning"],
  });
  const waiting = new Map<number, PromiseWithResolvers<string | undefined>>();
  let lastId = 0;
  worker.on("message", ({ id, text, error }: ComparisonReply) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(text);
    else call?.reject(new Error(error));
  });
  let ended = false;
  const end = (error: Error): void => {
    if (ended) return;
    ended = true;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    onEnd();
  };
  worker.on("error", end);
  worker.on("exit", () => end(new Error("the thread that compares has ended")));
  return {
    ask: async (call) => {
      if (ended) throw new Error("the thread that compares has ended");
      lastId += 1;
      const reply = Promise.withResolvers<string | undefined>();
      waiting.set(lastId, reply);
      worker.postMessage({ id: lastId, call } satisfies ComparisonRequest);
      return reply.promise;
    },
    close: async () => void (await worker.terminate()),
  };
}
