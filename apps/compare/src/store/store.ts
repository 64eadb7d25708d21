import { Worker } from "node:worker_threads";
import type { TraceSummary, TraceView } from "../trace/model.ts";
import type { StoredItem } from "./item.ts";
import type { StoreReply, StoreRequest } from "./protocol.ts";

/** What was received, by trace. Bounded: the oldest traces go first. */
export interface TraceStore {
  write(items: readonly StoredItem[]): Promise<void>;
  readTrace(traceId: string): Promise<TraceView>;
  listTraces(query: string | undefined, limit: number): Promise<TraceSummary[]>;
  close(): Promise<void>;
}

/** Opens the store in a thread of its own. Without a file it is kept in memory. */
export function openTraceStore(options: { file: string | undefined; maxBytes: number }): TraceStore {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    // Threads inherit --import and with it whatever the process preloads; this one needs none of it.
    execArgv: ["--disable-warning=ExperimentalWarning"],
    workerData: { file: options.file ?? ":memory:", maxBytes: options.maxBytes },
  });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let failure: Error | undefined;
  let nextId = 1;
  const fail = (error: Error): void => {
    failure = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on("message", ({ id, value, error }: StoreReply) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(value);
    else call?.reject(new Error(`the store failed: ${error}`));
  });
  worker.on("error", fail);
  worker.on("exit", () => fail(failure ?? new Error("the store is closed")));
  const ask = (call: StoreRequest["call"]): Promise<unknown> => {
    if (failure) return Promise.reject(failure);
    const id = nextId++;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, call } satisfies StoreRequest);
    });
  };
  return {
    write: async (items) => {
      if (items.length > 0) await ask({ method: "write", items, nowMillis: Date.now() });
    },
    readTrace: async (traceId) => (await ask({ method: "readTrace", traceId })) as TraceView,
    listTraces: async (query, limit) => (await ask({ method: "listTraces", query, limit })) as TraceSummary[],
    close: async () => {
      if (!failure) await ask({ method: "close" });
    },
  };
}
