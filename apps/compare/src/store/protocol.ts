import type { StoredItem } from "./item.ts";

/** A call to the store's worker thread. */
export interface StoreRequest {
  id: number;
  call:
    | { method: "write"; items: readonly StoredItem[]; nowMillis: number }
    | { method: "readTrace"; traceId: string }
    | { method: "listTraces"; query: string | undefined; limit: number }
    | { method: "close" };
}

export interface StoreReply {
  id: number;
  value?: unknown;
  error?: string;
}
