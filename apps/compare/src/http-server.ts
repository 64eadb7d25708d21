import { createServer, type RequestListener, type Server } from "node:http";

/** How long a sender may take; one that takes longer is answered 408 and its connection is closed. */
export interface RequestTimes {
  /** Until the head of the request has arrived. */
  headersMillis: number;
  /** Until all of it has arrived. */
  requestMillis: number;
}

/** Exporters send every few seconds: their connections stay open in between. */
const keepAliveMillis = 65_000;

/** A server that a slow sender does not hold on to. Does not listen. */
export function createHttpServer(
  listener: RequestListener,
  { headersMillis, requestMillis }: RequestTimes = { headersMillis: 10_000, requestMillis: 60_000 },
): Server {
  return createServer(
    {
      headersTimeout: headersMillis,
      requestTimeout: requestMillis,
      connectionsCheckingInterval: headersMillis / 4,
      keepAliveTimeout: keepAliveMillis,
    },
    listener,
  );
}
