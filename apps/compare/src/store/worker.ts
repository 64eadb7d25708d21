import { parentPort, workerData } from "node:worker_threads";
import { TraceDatabase } from "./database.ts";
import type { StoreReply, StoreRequest, StoreWorkerData } from "./protocol.ts";

const { file, limits } = workerData as StoreWorkerData;

answer(0, () => {
  const database = new TraceDatabase(file, limits);
  parentPort?.on("message", ({ id, call }: StoreRequest) => {
    answer(id, () => run(database, call));
    if (call.method === "close") parentPort?.close();
  });
});

function answer(id: number, work: () => unknown): void {
  let reply: StoreReply;
  try {
    reply = { id, value: work() };
  } catch (error) {
    reply = { id, error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
}

function run(database: TraceDatabase, call: StoreRequest["call"]): unknown {
  switch (call.method) {
    case "write":
      return database.write(call.items, call.nowMillis);
    case "readTrace":
      return database.readTrace(call.traceId);
    case "listTraces":
      return database.listTraces(call.limit);
    case "findTraces":
      return database.findTraces(call.query, call.limit);
    case "close":
      return database.close();
  }
}
