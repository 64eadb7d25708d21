import type { BackOffOptions } from "../../http/back-off.ts";

/** Those that are the same for every way to Sentry. */
export interface QueueLimits {
  /** Of all that waits or is under way. */
  readonly maxEnvelopes: number;
  /** Of all that waits or is under way. */
  readonly maxBytes: number;
  /** What could not be sent for so long is given up on. */
  readonly maxAgeMillis: number;
  /** The pauses between attempts while Sentry is down. */
  readonly backOff: BackOffOptions;
}

export interface TransportLimits extends QueueLimits {
  readonly maxConnections: number;
  /** Of requests that wait for their answer on one connection. */
  readonly maxPipelined: number;
  /** For one request, from its start to the last byte of its answer. */
  readonly deadlineMillis: number;
  /** Larger envelopes are compressed; `Infinity` compresses none. */
  readonly compressAboveBytes: number;
}

export const DEFAULT_LIMITS: TransportLimits = {
  maxEnvelopes: 5_000,
  maxBytes: 30_000_000,
  maxConnections: 8,
  // More gains hardly anything, and holds up more when one of them is slow to be answered.
  maxPipelined: 16,
  deadlineMillis: 10_000,
  maxAgeMillis: 5 * 60_000,
  // From here on a body of spans shrinks to a fifth. It costs more CPU than it saves, whatever the size: it is done for
  // those who pay for traffic. Sentry's own transport compresses above 32 KiB. docs/adr/0013-envelopes-through-undici.md
  compressAboveBytes: 8_192,
  backOff: { firstMillis: 1_000, maxMillis: 5_000 },
};
