import { useEffect, useRef } from "react";

/** Tells when something of a trace has arrived in a local store. A connection that breaks is made again by the browser. */
export function useArrivals(traceId: string, onArrival: () => void): void {
  const told = useRef(onArrival);
  useEffect(() => {
    told.current = onArrival;
  });
  useEffect(() => {
    const source = new EventSource("/api/arrivals");
    source.addEventListener("message", (event: MessageEvent<string>) => {
      if (readTraceIds(event.data).includes(traceId)) told.current();
    });
    return () => source.close();
  }, [traceId]);
}

function readTraceIds(data: string): readonly unknown[] {
  try {
    const { traceIds } = JSON.parse(data) as { traceIds?: unknown };
    return Array.isArray(traceIds) ? traceIds : [];
  } catch {
    return [];
  }
}
