import { parentPort, workerData } from "node:worker_threads";
import { TraceDatabase } from "./database.ts";
import { openStoreFile, setDamagedFileAside } from "./open-file.ts";
import type { StoreNotice, StoreReply, StoreRequest, StoreWorkerData } from "./protocol.ts";
import { StoreService } from "./service.ts";

const { file, limits } = workerData as StoreWorkerData;

const post = (message: StoreReply | StoreNotice): void => parentPort?.postMessage(message);

try {
  const { database, notice } = openStoreFile(file);
  if (notice) post({ notice });
  const service = new StoreService(new TraceDatabase(database, limits), {
    post,
    replaceDamaged: (damaged) => {
      damaged.close();
      const replaced = setDamagedFileAside(file);
      if (replaced.notice) post({ notice: replaced.notice });
      return new TraceDatabase(replaced.database, limits);
    },
  });
  parentPort?.on("message", (request: StoreRequest) => {
    service.take(request);
    if (request.call.method === "close") parentPort?.close();
  });
  post({ id: 0 });
} catch (error) {
  post({ id: 0, error: error instanceof Error ? error.message : String(error) });
}
