interface Page {
  readonly bytes: Buffer;
  /** Texts on it that still wait. */
  waiting: number;
}

/** Texts that were written to a page, as bytes of UTF-8. */
export interface PageSlice {
  readonly page: Page;
  readonly start: number;
  readonly end: number;
}

const PAGE_BYTES = 262_144;
/** As many empty pages are kept: memory that is new costs more than what is written to it. */
const MAX_SPARE_PAGES = 8;
/** As many bytes as a UTF-16 unit may take in UTF-8. */
const MAX_BYTES_OF_UNIT = 3;

/**
 * Keeps texts that wait as bytes outside of the heap: the garbage collector would copy them again and again, and joining
 * texts that have left the processor's caches takes longer than writing them down at once.
 */
export class BytePages {
  readonly #spare: Page[] = [];
  #page = createPage(0);
  #end = 0;

  write(text: string): PageSlice {
    const most = text.length * MAX_BYTES_OF_UNIT;
    if (this.#end + most > this.#page.bytes.length) this.#turnPage(most);
    const start = this.#end;
    this.#end += this.#page.bytes.write(text, start);
    this.#page.waiting += 1;
    return { page: this.#page, start, end: this.#end };
  }

  /** To be called once for each slice, when its bytes are no longer needed. */
  release({ page }: PageSlice): void {
    page.waiting -= 1;
    if (page !== this.#page) this.#spareIfEmpty(page);
  }

  #turnPage(size: number): void {
    const full = this.#page;
    this.#page = (size <= PAGE_BYTES && this.#spare.pop()) || createPage(Math.max(PAGE_BYTES, size));
    this.#end = 0;
    this.#spareIfEmpty(full);
  }

  #spareIfEmpty(page: Page): void {
    const isUsual = page.bytes.length === PAGE_BYTES;
    if (page.waiting === 0 && isUsual && this.#spare.length < MAX_SPARE_PAGES) this.#spare.push(page);
  }
}

function createPage(size: number): Page {
  return { bytes: Buffer.allocUnsafeSlow(size), waiting: 0 };
}
