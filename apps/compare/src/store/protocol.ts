import type { StoreFill } from "./database.ts";
import type { StoreLimits } from "./forgetter.ts";
import type { StoredItem } from "./item.ts";

/** What the store's worker thread is started with. */
export interface StoreWorkerData {
  file: string;
  limits: StoreLimits;
}

/** What the worker can be asked; it answers its start once the file is open. */
export type StoreCall =
  | { method: "write"; items: readonly StoredItem[] }
  | { method: "readTrace"; traceId: string }
  | { method: "listTraces"; limit: number }
  | { method: "findTraces"; query: string; limit: number }
  | { method: "close" };

/** What the worker tells unasked. */
export interface StoreNews {
  /** For people: the file could not be gone on with, or old traces could not be deleted. */
  notice?: string;
  /** After the start and after each change: who wants to know waits for no other call. */
  fill?: StoreFill;
}
