import fc from "fast-check";
import { expect, test } from "vitest";
import { readConfig, variableNames } from "./index.ts";
import { describeAllowed } from "./row.ts";
import { variableGroups } from "./variables.ts";

test("an empty environment is no problem, and an empty value counts as unset", () => {
  const unset = readConfig({});
  const empty = readConfig(Object.fromEntries(variableNames.map((name) => [name, " "])));
  expect(unset.problems).toEqual([]);
  expect(empty).toEqual(unset);
});

test.each(
  variableGroups.flatMap((group) => [...group.rows]).filter(({ type }) => !["text", "rules"].includes(type)),
)("$name: a malformed value is one problem that says what is allowed", (row) => {
  const malformed = row.type === "patterns" ? "/(/" : "?!=";
  const { problems } = readConfig({ [row.name]: malformed });
  expect(problems).toHaveLength(1);
  expect(problems[0]?.variable).toBe(row.name);
  expect(problems[0]?.message).toContain(`allowed: ${describeAllowed(row)}`);
  expect(problems[0]?.message).toMatch(/Using .+\.$/);
  expect(problems[0]?.message.includes(malformed)).toBe(!("secret" in row));
});

test("whatever the values are, reading never throws and tells each variable at most once", () => {
  const env = fc.dictionary(fc.constantFrom(...variableNames), fc.string({ maxLength: 300 }));
  fc.assert(
    fc.property(env, (values) => {
      const { problems } = readConfig(values);
      expect(new Set(problems.map((problem) => problem.variable)).size).toBe(problems.length);
    }),
    { numRuns: 300 },
  );
});
