import type { Integration } from "@sentry/core";
import { defaultStackParser } from "@sentry/node";
import type { SentryOptions } from "../types.ts";
import { CLIENT_OPTIONS } from "./client-options.ts";
import { createIntegrations } from "./integrations.ts";
import type { Ledger } from "./ledger.ts";
import { NodeBridgeClient } from "./node-client.ts";
import type { NodeClientOptions } from "./node-client.ts";

/** Events that wait for their processors at the same time; Sentry's own 64 are soon full when a database is down. */
const MAX_PENDING_EVENTS = 2_000;

export interface ClientParts {
  readonly ledger: Ledger;
  readonly transport: NodeClientOptions["transport"];
  /** Tells about the machine. */
  readonly machine: Integration;
  readonly onFatalError: (error: Error) => void;
}

/** Everything is given explicitly, so that no `SENTRY_*` variable is left for the client to read. */
export function createClient(options: SentryOptions, parts: ClientParts): NodeBridgeClient {
  const { serverName } = options;
  return new NodeBridgeClient(
    {
      ...CLIENT_OPTIONS,
      dsn: options.dsn,
      environment: options.environment,
      release: options.release,
      debug: options.debug ?? false,
      // Rewrites the sources of routers and drivers as they load, also when nothing is traced.
      enableRuntimeChannelInjection: false,
      ...(serverName ? { serverName } : { includeServerName: false }),
      stackParser: defaultStackParser,
      integrations: createIntegrations({ ...parts, sessions: options.sessions === true }),
      ...options.hooks,
      // Followed by our span processor: Sentry's functions would make no span for other back ends either.
      ignoreSpans: [],
      ignoreErrors: [...(options.ignoreErrors ?? []), ...(options.hooks?.ignoreErrors ?? [])],
      ...(options.errors === false && { beforeSend: () => null }),
      transport: parts.transport,
      transportOptions: { bufferSize: MAX_PENDING_EVENTS },
    },
    parts.ledger,
  );
}
