import type { KeptText, SpanStore, WaitingSpan } from "../../sentry/spans/span-store.ts";

interface EncodedText extends KeptText {
  readonly bytes: Uint8Array;
}

const encoder = new TextEncoder();

/** Texts that wait in a page, as bytes, so that what is sent is known to the byte. */
export class EncodedTexts implements SpanStore<EncodedText> {
  keep(text: string): EncodedText {
    const bytes = encoder.encode(text);
    return { bytes, start: 0, end: bytes.length };
  }

  join(start: string, spans: readonly WaitingSpan<EncodedText>[], end: string): Uint8Array {
    const parts: Uint8Array[] = [encoder.encode(start)];
    for (const [index, { written, ending }] of spans.entries()) {
      parts.push(written.bytes, encoder.encode(ending + (index < spans.length - 1 ? "," : end)));
    }
    const body = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
    let at = 0;
    for (const part of parts) {
      body.set(part, at);
      at += part.length;
    }
    return body;
  }
}
