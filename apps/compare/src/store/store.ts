import { Worker } from "node:worker_threads";
import type { TraceSummary, TraceView } from "../trace/model.ts";
import type { StoreFill } from "./database.ts";
import type { StoreLimits } from "./forgetter.ts";
import type { StoredItem } from "./item.ts";
import type { StoreNotice, StoreReply, StoreRequest, StoreWorkerData } from "./protocol.ts";

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
  fill(): Promise<StoreFill>;
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
    // Threads inherit --import and with it whatever the process preloads; this one needs none of it.
    execArgv: ["--conditions=tracebridge-source", "--disable-warning=ExperimentalWarning"],
    workerData: { file: options.file ?? ":memory:", limits: options.limits } satisfies StoreWorkerData,
  });
  const calls = createCalls(worker, options.onNotice);
  try {
    await calls.opened;
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  void calls.ended.then(options.onCrash);
  return {
    write: async (items) =>
      items.length === 0 ? 0 : ((await calls.ask({ method: "write", items })) as number),
    readTrace: async (traceId) => (await calls.ask({ method: "readTrace", traceId })) as TraceView,
    listTraces: async (limit) => (await calls.ask({ method: "listTraces", limit })) as TraceSummary[],
    findTraces: async (query, limit) =>
      (await calls.ask({ method: "findTraces", query, limit })) as TraceSummary[],
    fill: async () => (await calls.ask({ method: "fill" })) as StoreFill,
    close: async () => {
      calls.expectEnd();
      await calls.ask({ method: "close" });
    },
  };
}

interface Calls {
  opened: Promise<unknown>;
  /** Settles when the thread ends unexpectedly. */
  ended: Promise<Error>;
  ask(call: StoreRequest["call"]): Promise<unknown>;
  expectEnd(): void;
}

/** Matches the thread's replies with the calls they answer. */
function createCalls(worker: Worker, onNotice: (notice: string) => void): Calls {
  const opening = Promise.withResolvers<unknown>();
  const ended = Promise.withResolvers<Error>();
  const waiting = new Map<number, PromiseWithResolvers<unknown>>([[0, opening]]);
  let failure: Error | undefined;
  let endExpected = false;
  let lastId = 0;
  worker.on("message", (message: StoreReply | StoreNotice) => {
    if ("notice" in message) {
      onNotice(message.notice);
      return;
    }
    const { id, value, error } = message;
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(value);
    else call?.reject(new Error(error));
  });
  const fail = (error: Error): void => {
    failure ??= error;
    for (const { reject } of waiting.values()) reject(failure);
    waiting.clear();
    if (!endExpected) ended.resolve(failure);
  };
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("the store's thread has ended")));
  return {
    opened: opening.promise,
    ended: ended.promise,
    expectEnd: () => void (endExpected = true),
    ask: async (call) => {
      if (failure) throw failure;
      lastId += 1;
      worker.postMessage({ id: lastId, call } satisfies StoreRequest);
      const reply = Promise.withResolvers<unknown>();
      waiting.set(lastId, reply);
      return reply.promise;
    },
  };
}
