import type { StoreLimits } from "./forgetter.ts";
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
    | { method: "write"; items: readonly StoredItem[] }
    | { method: "readTrace"; traceId: string }
    | { method: "listTraces"; limit: number }
    | { method: "findTraces"; query: string; limit: number }
    | { method: "fill" }
    | { method: "close" };
}

/** Its answer. Id 0 answers the opening of the file, which nobody asks for. */
export interface StoreReply {
  id: number;
  value?: unknown;
  error?: string;
}

/** What people should be told: the file could not be gone on with, or old traces could not be deleted. */
export interface StoreNotice {
  notice: string;
}
