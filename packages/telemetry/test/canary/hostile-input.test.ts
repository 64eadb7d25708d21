import fc from "fast-check";
import { expect, test } from "vitest";
import { createEnvelopeScrubber, createScrubber } from "../../src/scrubbing/index.ts";
import { harmlessTexts } from "./harmless-texts.ts";
import { secretKinds } from "./secret-kinds.ts";

const MAX_TEXT_LENGTH = 4_096;
const scrubber = createScrubber({ businessKeys: new Set(["orderId"]), maxTextLength: MAX_TEXT_LENGTH });
const scrubEnvelope = createEnvelopeScrubber(scrubber);

/** What the patterns look for, and what might make them look for long. */
const fragments = [
  ..."a1@=:?&%/.-_ +\n\"'\\{}[]<>(),;#é".split(""),
  ..."4111 |://|password|token=|cookie: |authorization: Basic |bearer |-----BEGIN PRIVATE KEY-----|eyJ|DE12".split(
    "|",
  ),
  ..."dup key: {|Key (|Duplicate entry '|hooks.slack.com/services/|sk-|xoxb-|AKIA|%40|%20|[Filtered]".split(
    "|",
  ),
];
const jumble = fc.array(fc.constantFrom(...fragments), { maxLength: 60 }).map((parts) => parts.join(""));
const secrets = fc
  .tuple(fc.constantFrom(...Object.values(secretKinds)), fc.string())
  .map(([write, seed]) => write(seed));
/** Words as they stand beside a secret in a sentence or in JSON. */
const beside = fc.array(fc.constantFrom("order", "A-1", "failed,", "(x)", '"y":', "2026", "of 3;", "é"), {
  maxLength: 5,
});

test("whatever an application says, the scrubber neither throws nor changes the kind of a plain value", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.anything({ withBigInt: true, withDate: true, withMap: true }),
      (key, value) => {
        scrubber.value(key, value);
        scrubber.attributes({ [key]: value });
        scrubEnvelope([{ trace: value }, [[{ type: "event" }, value]]]);
        scrubEnvelope([{}, [[{ type: "span" }, { items: [value, { attributes: value }] }]]]);
        expect(typeof scrubber.text(key)).toBe("string");
      },
    ),
    { numRuns: 2_000 },
  );
});

test("objects that throw when they are looked at are replaced", () => {
  const hostile = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error("no");
      },
    },
  );
  expect(scrubber.value("a", { deep: [hostile] })).toBe("[Filtered]");
  expect(scrubber.attributes({ a: hostile, b: 1 })).toEqual({ a: "[Filtered]", b: 1 });
});

test("what has passed one door passes the next as it is", () => {
  fc.assert(
    fc.property(jumble, (text) => {
      const once = scrubber.text(text);
      expect(scrubber.text(once)).toBe(once);
    }),
    { numRuns: 2_000 },
  );
});

test("a secret of any kind is found wherever it stands in a text", () => {
  fc.assert(
    fc.property(beside, secrets, beside, (before, { text, secrets: hidden }, after) => {
      const clean = scrubber.text([...before, text, ...after].join(" "));
      for (const secret of hidden) expect(clean).not.toContain(secret);
    }),
    { numRuns: 2_000 },
  );
});

test("a secret that a cut went through leaves no half of it", () => {
  fc.assert(
    fc.property(secrets, fc.nat(120), ({ text, secrets: hidden }, shown) => {
      const filler = "word ".repeat(MAX_TEXT_LENGTH).slice(0, MAX_TEXT_LENGTH - shown);
      const clean = scrubber.text(`${filler.replace(/\S{0,4}$/, "")} ${text} and more`);
      for (const secret of hidden) expect(clean).not.toContain(secret.slice(0, 10));
    }),
    { numRuns: 2_000 },
  );
});

test("only as much of a text is searched as is sent, however long and hostile it is", () => {
  for (const fragment of [...fragments, "4111-", "://a:b@", "?a=", 'token="', "a@b.", "-----BEGIN "]) {
    const long = fragment.repeat(Math.ceil(1_000_000 / fragment.length));
    // The patterns never see the rest: a text that differs beyond the limit alone gives the same.
    expect(scrubber.text(long)).toBe(scrubber.text(`${long.slice(0, MAX_TEXT_LENGTH)}${"x".repeat(999)}`));
    expect(scrubber.text(long).length).toBeLessThanOrEqual(MAX_TEXT_LENGTH * 10);
  }
});

test("harmless texts stay as they are, alone and in a list of attributes", () => {
  for (const text of harmlessTexts) {
    expect(scrubber.text(text)).toBe(text);
    expect(scrubber.attributes({ said: [text] })).toEqual({ said: [text] });
  }
});

test("random ids of every usual form stay as they are", () => {
  const hex = (length: number) =>
    fc.array(fc.constantFrom(..."0123456789abcdef".split("")), { minLength: length, maxLength: length });
  const ids = fc.oneof(
    fc.uuid(),
    hex(32).map((signs) => signs.join("")),
    hex(24).map((signs) => signs.join("")),
    fc.ulid(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.integer({ min: 0, max: 9_999_999_999_999 }).map(String),
    fc.ipV4(),
    fc.ipV6(),
  );
  fc.assert(
    fc.property(ids, (id) => {
      expect(scrubber.text(`order ${id} was made`)).toBe(`order ${id} was made`);
      expect(scrubber.value("http.route", `/order/${id}`)).toBe(`/order/${id}`);
    }),
    { numRuns: 2_000 },
  );
});
