import { onTestFinished } from "vitest";
import { Ledger } from "../../src/sentry/client/ledger.ts";
import { EnvelopeTransport } from "../../src/sentry/transport/envelope-transport.ts";
import type { EnvelopeTransportOptions } from "../../src/sentry/transport/envelope-transport.ts";
import { readEndpoint, SHORT_PAUSES } from "./start-test-transport.ts";
import { startWireServer } from "./start-wire-server.ts";
import type { WireServer } from "./start-wire-server.ts";

/** A transport and the server it sends to. */
export interface WireTransport {
  readonly server: WireServer;
  readonly ledger: Ledger;
  readonly told: readonly string[];
  /** Sends envelopes at once, each with a body of its own and as many things of its category as its place says. */
  readonly send: (bodies: readonly string[], category?: string) => void;
  /** Resolves with whether everything has been settled. */
  readonly flush: () => Promise<boolean>;
  /** What the server has read, in the order in which it came. */
  readonly bodies: () => readonly string[];
}

/** Has one connection at most, unless it is told otherwise. */
export async function startWireTransport(limits: EnvelopeTransportOptions["limits"]): Promise<WireTransport> {
  const server = await startWireServer();
  const ledger = new Ledger();
  const told: string[] = [];
  const transport = new EnvelopeTransport({
    url: readEndpoint(server.url),
    ledger,
    reportDrop: (reason, category, count) => ledger.drop(category, reason, count),
    onFailure: (message) => told.push(message),
    limits: { maxConnections: 1, backOff: SHORT_PAUSES, ...limits },
  });
  onTestFinished(() => transport.close());
  return {
    server,
    ledger,
    told,
    send: (bodies, category = "span") => {
      transport.sendAllWritten(
        bodies.map((body, index) => ({
          body: Buffer.from(body),
          items: [{ category, count: 10 ** index }],
        })),
      );
    },
    flush: () => transport.flush(15_000),
    bodies: () => server.requests.map(({ body }) => body),
  };
}

/** A transport with one connection that the server has kept after a first answer. */
export async function startProven(limits: EnvelopeTransportOptions["limits"] = {}): Promise<WireTransport> {
  const started = await startWireTransport(limits);
  started.send(["first"], "first");
  await started.flush();
  return started;
}
