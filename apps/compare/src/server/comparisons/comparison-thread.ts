import { Worker, type ResourceLimits } from "node:worker_threads";
import { createThreadCalls, threadArguments } from "../../thread-calls.ts";
import type { ComparisonCall } from "./protocol.ts";

/** Asks the worker; every call fails when it ends. */
export interface ComparisonThread {
  ask(call: ComparisonCall): Promise<string | undefined>;
  close(): Promise<void>;
}

export function startComparisonThread(onEnd: () => void, resourceLimits?: ResourceLimits): ComparisonThread {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    execArgv: threadArguments,
    resourceLimits,
  });
  const calls = createThreadCalls<ComparisonCall>(worker);
  void calls.ended.then(onEnd);
  return {
    ask: async (call) => (await calls.ask(call)) as string | undefined,
    close: async () => void (await worker.terminate()),
  };
}
