import { ReceiverError } from "../receiver-error.ts";

/** Bytes of all bodies that wait for their answer. However slow the store is, no more than this and what is made of it. */
const maxBytes = 128 * 1024 * 1024;
let claimedBytes = 0;

/** What one request holds of the memory that all share. */
export interface MemoryClaim {
  /** Undefined when there was room; otherwise why there is none. */
  take(bytes: number): ReceiverError | undefined;
  release(): void;
}

export function createMemoryClaim(): MemoryClaim {
  let own = 0;
  return {
    take: (bytes) => {
      if (claimedBytes + bytes > maxBytes) {
        return new ReceiverError("UNAVAILABLE", "too much is waiting to be stored: send this once more");
      }
      claimedBytes += bytes;
      own += bytes;
      return undefined;
    },
    release: () => {
      claimedBytes -= own;
      own = 0;
    },
  };
}
