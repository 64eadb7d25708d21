import fc from "fast-check";
import { expect, test } from "vitest";
import { BytePages } from "../../sentry/spans/byte-pages.ts";
import type { KeptText, SpanStore } from "../../sentry/spans/span-store.ts";
import { EncodedTexts } from "./encoded-texts.ts";

const TEXTS = fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.string({ unit: "binary" })));

test("a page writes the same bytes as Node, whatever the texts", () => {
  fc.assert(
    fc.property(fc.string(), TEXTS, fc.string(), (start, texts, end) => {
      expect(write(new EncodedTexts(), start, texts, end)).toEqual(write(new BytePages(), start, texts, end));
    }),
  );
});

test("the length of what waits is its length in UTF-8", () => {
  const { start, end } = new EncodedTexts().keep("näher 🚀");
  expect(end - start).toBe(11);
});

function write<Kept extends KeptText>(
  store: SpanStore<Kept>,
  start: string,
  texts: readonly (readonly [string, string])[],
  end: string,
): string {
  const spans = texts.map(([text, ending]) => ({ written: store.keep(text), ending }));
  return new TextDecoder().decode(store.join(start, spans, end));
}
