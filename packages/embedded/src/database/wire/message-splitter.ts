import { MAX_MESSAGE_BYTES } from "./limits.ts";
import { HEADER_BYTES, WireError } from "./message.ts";

/** Cuts a byte stream into whole messages; joins chunks only once per message, however they arrive. */
export class MessageSplitter {
  #chunks: Buffer[] = [];
  #length = 0;
  #needed = HEADER_BYTES;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** The next whole message, or undefined until more bytes arrive. Throws a WireError for an impossible length. */
  next(): Buffer | undefined {
    if (this.#length < this.#needed) return undefined;
    const [first] = this.#chunks;
    const bytes = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks, this.#length);
    const size = bytes.readInt32LE(0);
    if (size < HEADER_BYTES || size > MAX_MESSAGE_BYTES) throw new WireError(`message of ${size} bytes`);
    if (bytes.length < size) {
      this.#chunks = [bytes];
      this.#needed = size;
      return undefined;
    }
    const rest = bytes.subarray(size);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#length = rest.length;
    this.#needed = HEADER_BYTES;
    return bytes.subarray(0, size);
  }
}
