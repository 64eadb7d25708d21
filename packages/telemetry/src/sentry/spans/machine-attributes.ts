import type { Integration, StreamedSpanJSON } from "@sentry/core";
import type { BridgeClient } from "../client/bridge-client.ts";
import { AttributeGroup } from "./attribute-text.ts";

/** Asking the system for its free memory takes longer than all else that is done for a segment. */
const MAX_AGE_MILLIS = 1_000;

type Scrub = (key: string, value: unknown) => unknown;

/** What Sentry's `Context` integration says of the machine on every segment; its figures are of the last second. */
export class MachineAttributes {
  readonly #client: BridgeClient;
  readonly #integration: Integration;
  readonly #scrub: Scrub;
  #group = new AttributeGroup({});
  #readAt = -Infinity;

  constructor(client: BridgeClient, integration: Integration, scrub: Scrub) {
    this.#client = client;
    this.#integration = integration;
    this.#scrub = scrub;
  }

  read(): AttributeGroup {
    const now = performance.now();
    if (now - this.#readAt < MAX_AGE_MILLIS) return this.#group;
    this.#readAt = now;
    const probe = { attributes: {} } as StreamedSpanJSON;
    this.#integration.processSegmentSpan?.(probe, this.#client);
    const entries = Object.entries(probe.attributes).map(([key, value]) => [key, this.#scrub(key, value)]);
    this.#group = new AttributeGroup(Object.fromEntries(entries));
    return this.#group;
  }
}
