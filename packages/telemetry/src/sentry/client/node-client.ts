import { NodeClient } from "@sentry/node";
import { extendClient } from "./bridge-client.ts";
import type { BridgeClient } from "./bridge-client.ts";
import type { Ledger } from "./ledger.ts";

/** `@sentry/node` does not export the name. */
export type NodeClientOptions = ConstructorParameters<typeof NodeClient>[0];

/** The bridge's client in Node. */
export type NodeBridgeClient = BridgeClient & Pick<NodeClient, "startClientReportTracking">;

export const NodeBridgeClient = extendClient(NodeClient) as new (
  options: NodeClientOptions,
  ledger: Ledger,
) => NodeBridgeClient;
