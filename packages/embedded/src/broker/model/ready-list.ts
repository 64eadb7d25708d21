import type { QueuedMessage } from "./message.ts";

const compactAfter = 256;

/**
 * The waiting messages of a queue, ordered by place. Taking from the front is O(1);
 * putting back costs only as much as the part of the queue it reaches into.
 */
export class ReadyList {
  #slots: (QueuedMessage | undefined)[] = [];
  #head = 0;
  #bodyBytes = 0;

  get length(): number {
    return this.#slots.length - this.#head;
  }
  /** Sum of the bodies' lengths. */
  get bodyBytes(): number {
    return this.#bodyBytes;
  }
  get first(): QueuedMessage | undefined {
    return this.#slots[this.#head];
  }

  push(entry: QueuedMessage): void {
    this.#slots.push(entry);
    this.#bodyBytes += entry.message.body.length;
  }

  shift(): QueuedMessage | undefined {
    const entry = this.first;
    if (entry === undefined) return undefined;
    this.#slots[this.#head++] = undefined;
    this.#bodyBytes -= entry.message.body.length;
    if (this.#head > compactAfter && this.#head * 2 > this.#slots.length) {
      this.#slots = this.#slots.slice(this.#head);
      this.#head = 0;
    }
    return entry;
  }

  /** Puts entries back to their own places. */
  restore(entries: readonly QueuedMessage[]): void {
    const merged = [...entries].sort((one, other) => one.place - other.place);
    const lastPlace = merged.at(-1)?.place ?? -1;
    let end = this.#head;
    for (let next = this.#slots[end]; next !== undefined && next.place < lastPlace; next = this.#slots[end]) {
      merged.push(next);
      end++;
    }
    merged.sort((one, other) => one.place - other.place);
    const start = end - merged.length;
    if (start >= 0) {
      for (const [at, entry] of merged.entries()) this.#slots[start + at] = entry;
      this.#head = start;
    } else {
      this.#slots = [...merged, ...this.#slots.slice(end)];
      this.#head = 0;
    }
    for (const entry of entries) this.#bodyBytes += entry.message.body.length;
  }

  clear(): number {
    const count = this.length;
    this.#slots = [];
    this.#head = 0;
    this.#bodyBytes = 0;
    return count;
  }
}
