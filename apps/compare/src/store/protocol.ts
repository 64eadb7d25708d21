import type { StoreLimits } from "./database.ts";
import type { StoredItem } from "./item.ts";

/** What the store's worker thread is started with. */
export interface StoreWorkerData {
  file: string;
  limits: StoreLimits;
}

/** A call to the worker. */
export interface StoreRequest {
  id: number;
  call:
    | { method: "write"; items: readonly StoredItem[]; nowMillis: number }
    | { method: "readTrace"; traceId: string }
    | { method: "listTraces"; limit: number }
    | { method: "findTraces"; query: string; limit: number }
    | { method: "close" };
}

/** Its answer. Id 0 answers the opening of the file, which nobody asks for. */
export interface StoreReply {
  id: number;
  value?: unknown;
  error?: string;
}
