import type { KeptText, SpanStore, WaitingSpan } from "./span-store.ts";

/** Texts that were written to a page, as bytes of UTF-8. */
interface PageSlice extends KeptText {
  readonly page: Buffer;
}

const PAGE_BYTES = 65_536;
/** As many bytes as a UTF-16 unit may take in UTF-8. */
const MAX_BYTES_OF_UNIT = 3;

/**
 * Keeps texts that wait as bytes outside of the heap: the garbage collector would copy them again and again, and joining
 * texts that have left the processor's caches takes longer than writing them down at once. A page goes with its last text.
 */
export class BytePages implements SpanStore<PageSlice> {
  #page = Buffer.alloc(0);
  #end = 0;

  keep(text: string): PageSlice {
    const most = text.length * MAX_BYTES_OF_UNIT;
    if (this.#end + most > this.#page.length) {
      this.#page = Buffer.allocUnsafeSlow(Math.max(PAGE_BYTES, most));
      this.#end = 0;
    }
    const start = this.#end;
    this.#end += this.#page.write(text, start);
    return { page: this.#page, start, end: this.#end };
  }

  join(start: string, spans: readonly WaitingSpan<PageSlice>[], end: string): Uint8Array {
    const body = Buffer.allocUnsafe(measure(start, spans, end));
    let at = body.write(start);
    for (const [index, { written, ending }] of spans.entries()) {
      at += written.page.copy(body, at, written.start, written.end);
      at += body.write(ending + (index < spans.length - 1 ? "," : end), at);
    }
    return body.subarray(0, at);
  }
}

/** At most so many bytes. */
function measure(start: string, spans: readonly WaitingSpan<PageSlice>[], end: string): number {
  let size = MAX_BYTES_OF_UNIT * (start.length + end.length);
  for (const { written, ending } of spans)
    size += 1 + written.end - written.start + MAX_BYTES_OF_UNIT * ending.length;
  return size;
}
