import { ReceiverError, type Arrivals, type ReceivedRequest } from "@tracebridge/receivers";
import { readItemsOfLogs, readItemsOfSpans } from "../trace/from-otlp.ts";
import { readItemsOfEnvelope } from "../trace/from-sentry.ts";
import type { StoredItem } from "./item.ts";
import type { TraceStore } from "./store.ts";

export interface ArrivalOptions {
  /** Told of what is stored now, before the sender hears so. */
  onKept?: (traceIds: ReadonlySet<string>) => void;
  /** Given each body that brought something new, as it arrived but unpacked. */
  forward?: (request: ReceivedRequest, body: Uint8Array) => void;
  /** One line for people. */
  tell: (message: string) => void;
}

/**
 * Stores what arrives before its sender hears that it arrived. While the store cannot take it, senders are asked to come
 * again; that is told once, and again when it is over.
 */
export function createArrivals(store: Pick<TraceStore, "write">, options: ArrivalOptions): Arrivals {
  const { onKept, forward, tell } = options;
  let refused = 0;
  const keep = async (
    items: readonly StoredItem[],
    request: ReceivedRequest,
    body: Uint8Array,
  ): Promise<void> => {
    let added = 0;
    try {
      added = await store.write(items);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      if (refused === 0) tell(`the store cannot be written: ${reason}. Senders are asked to come again.`);
      refused += 1;
      throw new ReceiverError("UNAVAILABLE", "nothing can be stored at the moment", { cause });
    }
    if (refused > 0) tell(`the store can be written again; ${refused} requests had been refused.`);
    refused = 0;
    onKept?.(new Set(items.map(({ value }) => value.traceId)));
    // What has been here before was forwarded then; a collector on the way back here would make it a circle.
    if (added > 0 || items.length === 0) forward?.(request, body);
  };
  return {
    onEnvelope: (envelope, request, body) => keep(readItemsOfEnvelope(envelope), request, body),
    onOtlpTraces: (spans, request, body) => keep(readItemsOfSpans(spans), request, body),
    onOtlpLogs: (logs, request, body) => keep(readItemsOfLogs(logs), request, body),
    onFailure: (error, { path }) => tell(`POST ${path} failed: ${String(error)}`),
  };
}
