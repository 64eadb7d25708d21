import { expect, test } from "vitest";
import { rules } from "../../src/compare/rules/table.ts";
import { renderComparisonDocument } from "./comparison-document.ts";

// `npx vitest run --project main packages/comparison/test/compare/comparison-document --update` writes the page anew.
test("docs/comparison.md says what the table of rules says", async () => {
  await expect(renderComparisonDocument()).toMatchFileSnapshot("../../../../docs/comparison.md");
});

test("each rule has an id of its own", () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
});
