import { getDynamicSamplingContextFromClient } from "@sentry/core";
import type { BridgeClient } from "./bridge-client.ts";

/** What a client's part of a sampling context is made of, and what was made of it. */
interface Made {
  readonly release: unknown;
  readonly environment: unknown;
  readonly orgId: unknown;
  readonly dsn: unknown;
  readonly dsc: Readonly<Record<string, string>>;
}

/**
 * The members that a client gives to the sampling contexts of all its traces. Sentry's function is asked anew only when
 * its sources have changed, or when somebody wants to see each context.
 */
export class ClientMembers {
  readonly #client: BridgeClient;
  #made: Made | undefined;

  constructor(client: BridgeClient) {
    this.#client = client;
  }

  create(traceId: string): Record<string, string> {
    if (this.#client.hasDscHooks) return this.#ask(traceId);
    const { release, environment, orgId } = this.#client.getOptions();
    const dsn = this.#client.getDsn();
    const known = this.#made;
    if (
      known &&
      known.release === release &&
      known.environment === environment &&
      known.orgId === orgId &&
      known.dsn === dsn
    )
      return { ...known.dsc, trace_id: traceId };
    const dsc = this.#ask(traceId);
    this.#made = { release, environment, orgId, dsn, dsc: { ...dsc } };
    return dsc;
  }

  #ask(traceId: string): Record<string, string> {
    const members: Readonly<Record<string, unknown>> = {
      ...getDynamicSamplingContextFromClient(traceId, this.#client),
    };
    const dsc: Record<string, string> = {};
    for (const key in members) {
      const value = members[key];
      if (typeof value === "string" && value !== "") dsc[key] = value;
    }
    return dsc;
  }
}
