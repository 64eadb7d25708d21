import type { Client } from "@sentry/core";
import type { QueuedTransport } from "../transport/queued-transport.ts";

type CoreEnvelope = Parameters<Client["sendEnvelope"]>[0];

/** What Sentry's client wants of a transport. */
export function createTransportFace(transport: QueuedTransport) {
  return {
    send: async (envelope: CoreEnvelope) => {
      const { statusCode, headers } = await transport.send(envelope);
      return { ...(statusCode !== undefined && { statusCode }), ...(headers && { headers }) };
    },
    flush: (timeoutMillis?: number) => transport.flush(timeoutMillis),
  };
}
