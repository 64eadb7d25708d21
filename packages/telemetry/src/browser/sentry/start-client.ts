import { defaultStackParser } from "@sentry/browser";
import { debug, getDefaultCurrentScope } from "@sentry/core";
import type { Integration } from "@sentry/core";
import { CLIENT_OPTIONS } from "../../sentry/client/client-options.ts";
import type { Ledger } from "../../sentry/client/ledger.ts";
import type { StartedClient } from "../../sentry/client/shutdown.ts";
import { createTransportFace } from "../../sentry/client/transport-face.ts";
import type { QueueLimits } from "../../sentry/transport/limits.ts";
import { QueuedTransport } from "../../sentry/transport/queued-transport.ts";
import type { Sender } from "../../sentry/transport/sender.ts";
import type { SentryOptions } from "../../sentry/types.ts";
import { createIntegrations } from "./integrations.ts";
import { PageClient } from "./page-client.ts";

export interface PageClientParts {
  readonly ledger: Ledger;
  readonly sender: Sender;
  readonly breadcrumbs: Integration;
  /** The path, in the page's own origin, that takes envelopes. */
  readonly tunnel: string;
}

/** Events that wait for their processors at the same time. */
const MAX_PENDING_EVENTS = 100;

/** A page has less to send than a service, and less memory. */
const LIMITS: QueueLimits = {
  maxEnvelopes: 200,
  maxBytes: 2_000_000,
  maxAgeMillis: 5 * 60_000,
  backOff: { firstMillis: 2_000, maxMillis: 60_000 },
};

/** Makes the client of the page. */
export function startPageClient(options: SentryOptions, parts: PageClientParts): StartedClient {
  const { ledger, sender, tunnel } = parts;
  const { onProblem, scrubEnvelope } = options;
  let transport: QueuedTransport | undefined;
  const createTransport = () => {
    transport = new QueuedTransport({
      sender,
      limits: LIMITS,
      ledger,
      reportDrop: (reason, category, count) => client.countLoss(reason, category, count),
      ...(scrubEnvelope && { scrubEnvelope }),
      onFailure: (reason) =>
        onProblem({ code: "sentry-unreachable", message: describeFailure(tunnel, reason) }),
      onRecovery: () => onProblem({ code: "sentry-recovered", message: describeRecovery(tunnel) }),
    });
    return createTransportFace(transport);
  };
  const client = createClient(options, parts, createTransport);
  if (!transport) {
    const message = "The DSN in the page's configuration is no valid DSN: nothing is sent to Sentry.";
    onProblem({ code: "sentry-dsn-invalid", message });
  }
  if (options.debug) debug.enable();
  getDefaultCurrentScope().setClient(client);
  client.init();
  // Sentry's listeners do nothing once the client is no longer that of the page.
  return { client, transport, stopListening: () => {} };
}

function createClient(
  options: SentryOptions,
  { ledger, tunnel, breadcrumbs }: PageClientParts,
  transport: () => ReturnType<typeof createTransportFace>,
) {
  const { dsn, environment, release, hooks, errors } = options;
  return new PageClient(
    {
      ...CLIENT_OPTIONS,
      dsn,
      tunnel,
      ...(environment !== undefined && { environment }),
      ...(release !== undefined && { release }),
      stackParser: defaultStackParser,
      integrations: createIntegrations(breadcrumbs, errors !== false),
      ...hooks,
      // Followed by our span processor.
      ignoreSpans: [],
      ...(errors === false && { beforeSend: () => null }),
      transport,
      transportOptions: { bufferSize: MAX_PENDING_EVENTS },
    },
    ledger,
  );
}

function describeFailure(tunnel: string, reason: string): string {
  return (
    `Nothing gets to Sentry through ${tunnel} of this page's server: ${reason}. Telemetry goes on trying, and losses are ` +
    "counted."
  );
}

function describeRecovery(tunnel: string): string {
  return `Sentry takes again what is sent through ${tunnel}; what could wait goes there now.`;
}
