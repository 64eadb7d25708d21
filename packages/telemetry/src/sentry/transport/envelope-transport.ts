import { EnvelopeSender } from "./envelope-sender.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import type { TransportLimits } from "./limits.ts";
import { QueuedTransport } from "./queued-transport.ts";
import type { QueuedTransportOptions } from "./queued-transport.ts";

export interface EnvelopeTransportOptions extends Omit<QueuedTransportOptions, "sender" | "limits"> {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly limits?: Partial<TransportLimits>;
}

/** Sends envelopes from Node, over a few connections. */
export class EnvelopeTransport extends QueuedTransport {
  constructor(options: EnvelopeTransportOptions) {
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const headers = { "content-type": "application/x-sentry-envelope", ...options.headers };
    super({ ...options, limits, sender: new EnvelopeSender(new URL(options.url), headers, limits) });
  }
}

export type { WrittenEnvelope } from "./queued-transport.ts";
