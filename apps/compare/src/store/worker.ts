import { parentPort, workerData } from "node:worker_threads";
import { TraceDatabase } from "./database.ts";
import type { StoreReply, StoreRequest } from "./protocol.ts";

const { file, maxBytes } = workerData as { file: string; maxBytes: number };
const database = new TraceDatabase(file, maxBytes);

parentPort?.on("message", ({ id, call }: StoreRequest) => {
  const reply: StoreReply = answer(id, call);
  parentPort?.postMessage(reply);
  if (call.method === "close") parentPort?.close();
});

function answer(id: number, call: StoreRequest["call"]): StoreReply {
  try {
    return { id, value: run(call) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

function run(call: StoreRequest["call"]): unknown {
  switch (call.method) {
    case "write":
      return database.write(call.items, call.nowMillis);
    case "readTrace":
      return database.readTrace(call.traceId);
    case "listTraces":
      return database.listTraces(call.query, call.limit);
    case "close":
      return database.close();
  }
}
