import fc from "fast-check";
import { expect, test } from "vitest";
import { secretKinds } from "../../test/canary/secret-kinds.ts";
import { isPlainText } from "./plain-text.ts";

test.each([
  "GET",
  "GET /orders/:id/items",
  "/orders/f47ac10b-58cc-4372-a567-0e02b2c3d479/items/17",
  "https://payments.internal.example.com/v2/charges?page=?&order_id=?",
  "127.0.0.1",
  "request_handler",
  "4bf92f3577b34da6a3ce929d0e0e4736",
  "2026-11-21T12:51:48.123Z",
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
])("%s, as requests are full of, is plain at the first look", (text) => {
  expect(isPlainText(text)).toBe(true);
});

test("no secret of any kind is plain, whatever stands around it", () => {
  const beside = fc.array(fc.constantFrom("order", "A-1", "(x)", '"y":', "2026", "http://h/p?q=?"), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(
      beside,
      fc.constantFrom(...Object.values(secretKinds)),
      fc.string(),
      beside,
      (before, write, seed, after) => {
        expect(isPlainText([...before, write(seed).text, ...after].join(" "))).toBe(false);
      },
    ),
    { numRuns: 2_000 },
  );
});
