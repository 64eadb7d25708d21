import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTopicMatch } from "./topic-pattern.ts";

/** The definition, written down without any thought of speed. */
function isMatchByDefinition(pattern: string[], key: string[]): boolean {
  const [word, ...others] = pattern;
  if (word === undefined) return key.length === 0;
  if (word === "#")
    return key.some((_, at) => isMatchByDefinition(others, key.slice(at))) || isMatchByDefinition(others, []);
  if (key.length === 0) return false;
  return (word === "*" || word === key[0]) && isMatchByDefinition(others, key.slice(1));
}
const split = (text: string): string[] => (text === "" ? [] : text.split("."));

describe("topic patterns", () => {
  it.for([
    ["#", ""],
    ["#", "a.b"],
    ["a.#", "a"],
    ["#.a", "b.a.a"],
    ["*.*", "."],
    ["a.*.c", "a.b.c"],
    ["a.#.b.#", "a.x.b"],
  ])("%s matches %s", ([pattern = "", key = ""]) => {
    expect(isTopicMatch(pattern, key)).toBe(true);
  });

  it.for([
    ["*", ""],
    ["*", "a.b"],
    ["a.*", "a"],
    ["a", "a.b"],
    ["a.#.b", "a.b.c"],
    ["", "a"],
  ])("%s does not match %s", ([pattern = "", key = ""]) => {
    expect(isTopicMatch(pattern, key)).toBe(false);
  });

  it("match what their definition says", () => {
    const words = (...all: string[]): fc.Arbitrary<string> =>
      fc.array(fc.constantFrom(...all), { maxLength: 6 }).map((list) => list.join("."));
    fc.assert(
      fc.property(words("a", "b", "*", "#", ""), words("a", "b", "c", ""), (pattern, key) => {
        expect(isTopicMatch(pattern, key)).toBe(isMatchByDefinition(split(pattern), split(key)));
      }),
      { numRuns: 2000 },
    );
  });
});
