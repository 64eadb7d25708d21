import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = new URL("../", import.meta.url);
const page = readFileSync(new URL("docs/capabilities.md", root), "utf8");
/** One table row: `| A1 | what | done/open/declined | where |`. */
const rows = [...page.matchAll(/^\| ([A-F]\d+) +\| (.+?) +\| (\w+) +\| (.*?) *\|$/gm)].map((match) => ({
  id: match[1] ?? "",
  state: match[3] ?? "",
  where: match[4] ?? "",
}));
const expected: [letter: string, count: number][] = [
  ["A", 18],
  ["B", 8],
  ["C", 5],
  ["D", 11],
  ["E", 16],
  ["F", 7],
];

describe("docs/capabilities.md", () => {
  it("has every capability exactly once", () => {
    const ids = expected.flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, i) => `${letter}${i + 1}`),
    );
    expect(rows.map((row) => row.id)).toEqual(ids);
  });

  it.each(rows)("$id is done with a test, open, or declined with a reason", ({ state, where }) => {
    expect(["done", "open", "declined"]).toContain(state);
    const tests = [...where.matchAll(/`([^`]+)`/g)]
      .map((match) => match[1] ?? "")
      .filter((path) => path.includes("/"));
    for (const path of tests) expect(existsSync(fileURLToPath(new URL(path, root))), path).toBe(true);
    if (state === "done") expect(tests.filter((path) => path.includes(".test.ts")).length).toBeGreaterThan(0);
    if (state === "declined") expect(where.length).toBeGreaterThan(20);
  });
});
