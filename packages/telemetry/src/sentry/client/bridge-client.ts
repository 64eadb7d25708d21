import { NodeClient } from "@sentry/node";
import type { Ledger } from "./ledger.ts";

/** `@sentry/node` does not export the name. */
export type NodeClientOptions = ConstructorParameters<typeof NodeClient>[0];
type DropReason = Parameters<NodeClient["recordDroppedEvent"]>[0];
type DropCategory = Parameters<NodeClient["recordDroppedEvent"]>[1];

/**
 * Sentry's client, set up by us alone. `Sentry.init` is never called: it reads `SENTRY_*` variables by itself, and
 * with `SENTRY_TRACES_SAMPLE_RATE` among them it would trace everything a second time.
 */
export class BridgeClient extends NodeClient {
  readonly #ledger: Ledger;

  constructor(options: NodeClientOptions, ledger: Ledger) {
    super(options);
    this.#ledger = ledger;
  }

  /** Counts what is given up on, and lets Sentry know with the next client report. */
  override recordDroppedEvent(reason: DropReason, category: DropCategory, count = 1): void {
    super.recordDroppedEvent(reason, category, count);
    // One of Sentry's functions was told to make a span below another only: there never was one.
    if (reason !== "no_parent_span") this.#ledger.drop(category, reason, count);
  }
}
