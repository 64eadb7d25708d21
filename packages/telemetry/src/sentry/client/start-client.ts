import { debug, getDefaultCurrentScope } from "@sentry/core";
import type { Integration } from "@sentry/core";
import { nodeContextIntegration } from "@sentry/node";
import { createFatalErrorHandler } from "../errors/fatal-error.ts";
import { EnvelopeTransport } from "../transport/envelope-transport.ts";
import type { SentryOptions } from "../types.ts";
import { createClient } from "./create-client.ts";
import type { Ledger } from "./ledger.ts";
import type { StartedClient } from "./shutdown.ts";
import { createTransportFace } from "./transport-face.ts";

export interface StartedNodeClient extends StartedClient {
  /** Tells about the machine. */
  readonly machine: Integration;
}

/** Makes the client of the process. `shutdown` is called before the process ends with an uncaught exception. */
export function startClient(
  options: SentryOptions,
  ledger: Ledger,
  shutdown: () => Promise<void>,
): StartedNodeClient {
  const { scrubEnvelope, onProblem } = options;
  let transport: EnvelopeTransport | undefined;
  const machine = nodeContextIntegration();
  const client = createClient(options, {
    ledger,
    machine,
    onFatalError: createFatalErrorHandler(shutdown),
    transport: ({ url, headers }) => {
      transport = new EnvelopeTransport({
        onFailure: (reason) =>
          onProblem({ code: "sentry-unreachable", message: describeFailure(url, reason) }),
        onRecovery: () => onProblem({ code: "sentry-recovered", message: describeRecovery(url) }),
        url,
        headers,
        ledger,
        reportDrop: (reason, category, count) => client.countLoss(reason, category, count),
        scrubEnvelope,
      });
      return createTransportFace(transport);
    },
  });
  if (!transport) {
    const message = "SENTRY_DSN is no valid DSN (https://KEY@HOST/PROJECT): nothing is sent to Sentry.";
    onProblem({ code: "sentry-dsn-invalid", message });
  }
  if (options.debug) debug.enable();
  getDefaultCurrentScope().setClient(client);
  const before = new Set(process.listeners("uncaughtException"));
  client.init();
  const fatalListeners = process.listeners("uncaughtException").filter((listener) => !before.has(listener));
  client.startClientReportTracking();
  // What happens from then on is Node's own to deal with again.
  const stopListening = (): void => {
    for (const listener of fatalListeners) process.off("uncaughtException", listener);
  };
  return { client, transport, machine, stopListening };
}

/** Names the host only: the rest of a DSN is nobody's business. */
function describeFailure(url: string, reason: string): string {
  return (
    `Sentry does not take what is sent to ${new URL(url).origin}: ${reason}. Check SENTRY_DSN and the network; ` +
    "telemetry goes on trying, and losses are counted."
  );
}

function describeRecovery(url: string): string {
  return `Sentry takes again what is sent to ${new URL(url).origin}; what could wait goes there now.`;
}
