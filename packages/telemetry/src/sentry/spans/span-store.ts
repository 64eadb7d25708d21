/** The text of a span that waits; both are counted in bytes of UTF-8. */
export interface KeptText {
  readonly start: number;
  readonly end: number;
}

/** A span on its way into an envelope. */
export interface WaitingSpan<Kept extends KeptText> {
  /** All but what comes last. */
  readonly written: Kept;
  /** The name of its segment, and what closes it. */
  readonly ending: string;
}

/** Where the texts of spans wait until their envelope is written. */
export interface SpanStore<Kept extends KeptText> {
  keep(text: string): Kept;
  /** The bytes of an envelope: `start`, the spans with a comma between them, and `end`. */
  join(start: string, spans: readonly WaitingSpan<Kept>[], end: string): Uint8Array;
}
