import type { ServerResponse } from "node:http";
import { RequestError, startStream } from "./answer.ts";

/** Tells open pages which traces something has arrived of. */
export interface ArrivalFeed {
  announce(traceIds: Iterable<string>): void;
  /**
   * Makes this answer a stream of server-sent events that ends with the connection, or with `close`.
   *
   * @throws RequestError when too many are listening
   */
  connect(response: ServerResponse): void;
  close(): void;
}

export interface ArrivalFeedOptions {
  /** Arrivals within this time are told together; 250 ms unless told. */
  collectMillis?: number;
  /** A comment this often keeps proxies from ending a quiet connection; 15 s unless told. */
  heartbeatMillis?: number;
  /** 100 unless told. */
  maxListeners?: number;
}

/** More than this are told as a list that is cut: whoever reads it asks for all it shows anyway. */
const maxIds = 1000;
/** A page that reads nothing is not sent more than this. */
const maxBacklogBytes = 256 * 1024;

export function createArrivalFeed(options: ArrivalFeedOptions = {}): ArrivalFeed {
  const { collectMillis = 250, heartbeatMillis = 15_000, maxListeners = 100 } = options;
  const listeners = new Set<ServerResponse>();
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const heartbeat = setInterval(() => write(listeners, ": still here\n\n"), heartbeatMillis).unref();
  const tell = (): void => {
    timer = undefined;
    write(listeners, `data: ${JSON.stringify({ traceIds: [...waiting] })}\n\n`);
    waiting.clear();
  };
  return {
    announce: (traceIds) => {
      if (listeners.size === 0) return;
      for (const traceId of traceIds) if (waiting.size < maxIds) waiting.add(traceId);
      if (waiting.size > 0) timer ??= setTimeout(tell, collectMillis).unref();
    },
    connect: (response) => {
      if (closed || listeners.size >= maxListeners) {
        throw new RequestError(503, "TOO_MANY_LISTENERS", "Too many pages are open: close some of them.");
      }
      startStream(response, "text/event-stream");
      if (response.req.method === "HEAD") {
        response.end();
        return;
      }
      // The browser comes back by itself, this many milliseconds after the connection ended.
      response.write("retry: 2000\n\n");
      listeners.add(response);
      response.once("close", () => listeners.delete(response));
    },
    close: () => {
      closed = true;
      clearInterval(heartbeat);
      clearTimeout(timer);
      for (const response of listeners) response.end();
    },
  };
}

function write(listeners: Iterable<ServerResponse>, text: string): void {
  for (const response of listeners) {
    if (response.writableLength > maxBacklogBytes) response.destroy();
    else response.write(text);
  }
}
