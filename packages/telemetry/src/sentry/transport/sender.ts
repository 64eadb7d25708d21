import type { PostFailure, PostResponse } from "../../http/exchange.ts";
import type { Job } from "./envelope-queue.ts";

/** The way to Sentry. */
export interface Sender {
  /** Whether an envelope would be sent, or compressed, at once. */
  readonly hasRoom: boolean;
  /** Whether an envelope has to wait until it is compressed. */
  isCompressedElsewhere(job: Job): boolean;
  /** `undefined` where an envelope is sent as it is. */
  compressInPlace(job: Job): Uint8Array | undefined;
  compress(job: Job): Promise<Uint8Array>;
  /** `start` sends several envelopes; none of its requests is traced. */
  sendTogether(start: () => void): void;
  /** `settle` is called once, later, also when nothing can be sent at all. Never throws. To be used in `sendTogether`. */
  send(job: Job, settle: (result: PostResponse | PostFailure) => void): void;
  /** Ends all that is under way. */
  close(): void;
}
