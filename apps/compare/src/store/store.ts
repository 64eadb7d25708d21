import { Worker } from "node:worker_threads";
import type { TraceSummary, TraceView } from "../trace/model.ts";
import type { StoreFill } from "./database.ts";
import type { StoreLimits } from "./forgetter.ts";
import type { StoredItem } from "./item.ts";
import { createThreadCalls, threadArguments } from "../thread-calls.ts";
import type { StoreCall, StoreNews, StoreWorkerData } from "./protocol.ts";

/** What was received, by trace. Bounded: the oldest traces go first. */
export interface TraceStore {
  /**
   * Settles when it is written, with how many of the items were new; rejects when it could not be, and is then as if it
   * had never come.
   */
  write(items: readonly StoredItem[]): Promise<number>;
  readTrace(traceId: string): Promise<TraceView>;
  /** The newest traces. */
  listTraces(limit: number): Promise<TraceSummary[]>;
  /**
   * The traces that have this as their id, as the value of an attribute, or as `key=value`; or all of several such words,
   * with quotes around those that have spaces. The largest come first.
   */
  findTraces(query: string, limit: number): Promise<TraceSummary[]>;
  /** As it was after the last write. */
  fill(): StoreFill;
  close(): Promise<void>;
}

export interface TraceStoreOptions {
  /** Without a file the store is kept in memory. */
  file?: string;
  limits: StoreLimits;
  /** The thread ended though nobody closed the store; every later call fails. */
  onCrash: (error: Error) => void;
  /** What people should know: that a file was set aside, say. */
  onNotice: (notice: string) => void;
}

/**
 * Opens the store in a thread of its own.
 *
 * @throws Error when the file cannot be used, with SQLite's reason
 */
export async function openTraceStore(options: TraceStoreOptions): Promise<TraceStore> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    execArgv: threadArguments,
    workerData: { file: options.file ?? ":memory:", limits: options.limits } satisfies StoreWorkerData,
  });
  let fill: StoreFill = { items: 0, bytes: 0 };
  const calls = createThreadCalls<StoreCall>(worker, (message) => {
    const news = message as StoreNews;
    if (news.fill) fill = news.fill;
    if (news.notice) options.onNotice(news.notice);
  });
  try {
    await calls.started;
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  let endExpected = false;
  void calls.ended.then((error) => endExpected || options.onCrash(error));
  return {
    write: async (items) =>
      items.length === 0 ? 0 : ((await calls.ask({ method: "write", items })) as number),
    readTrace: async (traceId) => (await calls.ask({ method: "readTrace", traceId })) as TraceView,
    listTraces: async (limit) => (await calls.ask({ method: "listTraces", limit })) as TraceSummary[],
    findTraces: async (query, limit) =>
      (await calls.ask({ method: "findTraces", query, limit })) as TraceSummary[],
    fill: () => fill,
    close: async () => {
      endExpected = true;
      await calls.ask({ method: "close" });
    },
  };
}
