/** Texts that were written to a page, as bytes of UTF-8. */
export interface PageSlice {
  readonly page: Buffer;
  readonly start: number;
  readonly end: number;
}

const PAGE_BYTES = 65_536;
/** As many bytes as a UTF-16 unit may take in UTF-8. */
const MAX_BYTES_OF_UNIT = 3;

/**
 * Keeps texts that wait as bytes outside of the heap: the garbage collector would copy them again and again, and joining
 * texts that have left the processor's caches takes longer than writing them down at once. A page goes with its last text.
 */
export class BytePages {
  #page = Buffer.alloc(0);
  #end = 0;

  write(text: string): PageSlice {
    const most = text.length * MAX_BYTES_OF_UNIT;
    if (this.#end + most > this.#page.length) {
      this.#page = Buffer.allocUnsafeSlow(Math.max(PAGE_BYTES, most));
      this.#end = 0;
    }
    const start = this.#end;
    this.#end += this.#page.write(text, start);
    return { page: this.#page, start, end: this.#end };
  }
}
