import { useEffect, useRef, useState } from "react";

/** `lost`: the page asks for the connection again, and will have missed something. */
export type Connection = "connecting" | "live" | "lost";

const retryMillis = 3000;

/**
 * Calls `onArrivals` with the ids of traces that something has arrived of; with undefined when anything may have been
 * missed. While the page is hidden it holds no connection: browsers share six of them among all pages of a host.
 */
export function useArrivals(onArrivals: (traceIds: readonly string[] | undefined) => void): Connection {
  const [connection, setConnection] = useState<Connection>("connecting");
  const listener = useRef(onArrivals);
  useEffect(() => {
    listener.current = onArrivals;
  }, [onArrivals]);
  useEffect(() => {
    let source: EventSource | undefined;
    let retry: number | undefined;
    let wasOpen = false;
    const open = (): void => {
      source = new EventSource("/api/arrivals");
      source.addEventListener("open", () => {
        if (wasOpen) listener.current(undefined);
        wasOpen = true;
        setConnection("live");
      });
      source.addEventListener("message", (event: MessageEvent<string>) => {
        listener.current(readTraceIds(event.data));
      });
      source.addEventListener("error", () => {
        setConnection("lost");
        // The browser comes back by itself after a broken connection, but not after a refusal.
        if (source?.readyState === EventSource.CLOSED) retry = window.setTimeout(open, retryMillis);
      });
    };
    const close = (): void => {
      clearTimeout(retry);
      source?.close();
      source = undefined;
    };
    const follow = (): void => {
      if (document.hidden) close();
      else if (source === undefined) open();
    };
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      close();
    };
  }, []);
  return connection;
}

function readTraceIds(text: string): readonly string[] | undefined {
  try {
    return (JSON.parse(text) as { traceIds: string[] }).traceIds;
  } catch {
    return undefined;
  }
}
