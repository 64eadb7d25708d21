import { parentPort, workerData } from "node:worker_threads";
import { TraceDatabase } from "./database.ts";
import { openStoreFile, setDamagedFileAside } from "./open-file.ts";
import type { ThreadCall, ThreadReply } from "../thread-calls.ts";
import type { StoreCall, StoreNews, StoreWorkerData } from "./protocol.ts";
import { StoreService } from "./service.ts";
import { isDamage } from "./sql.ts";

const { file, limits } = workerData as StoreWorkerData;

const post = (message: ThreadReply | StoreNews): void => parentPort?.postMessage(message);

/** Begins a new store where the file turns out to be broken. */
function openDatabase(): TraceDatabase {
  const opened = openStoreFile(file);
  if (opened.notice) post({ notice: opened.notice });
  try {
    return new TraceDatabase(opened.database, limits);
  } catch (error) {
    opened.database.close();
    if (!isDamage(error)) throw error;
    return replaceDamaged();
  }
}

function replaceDamaged(): TraceDatabase {
  const { database, notice } = setDamagedFileAside(file);
  if (notice) post({ notice });
  return new TraceDatabase(database, limits);
}

try {
  const service = new StoreService(openDatabase(), { post, replaceDamaged });
  parentPort?.on("message", (request: ThreadCall<StoreCall>) => {
    service.take(request);
    if (request.call.method === "close") parentPort?.close();
  });
  post({ id: 0 });
} catch (error) {
  post({ id: 0, error: error instanceof Error ? error.message : String(error) });
}
