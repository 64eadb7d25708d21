import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../", import.meta.url);
const page = readFileSync(new URL("docs/bridge-behaviour.md", root), "utf8");
const groups = page
  .split(/^## /m)
  .slice(1)
  .map((text) => ({
    group: text.split("\n", 1)[0] ?? "",
    /** `| behaviour | test file | test name |` */
    rows: [...text.matchAll(/^\| (.+?) +\| `([^`]+)` +\| `([^`]+)` +\|$/gm)].map((match) => ({
      behaviour: match[1] ?? "",
      file: match[2] ?? "",
      title: match[3] ?? "",
    })),
    lines: text.split("\n").filter((line) => line.startsWith("|")).length,
  }));

describe("docs/bridge-behaviour.md", () => {
  it("has every group, and every line of its tables names a test", () => {
    expect(groups.map(({ group }) => group)).toEqual([
      "Propagation",
      "Sampling",
      "Spans",
      "Scopes",
      "Messaging",
    ]);
    // The first two lines of a table are its head.
    for (const { group, rows, lines } of groups)
      expect({ group, rows: rows.length }).toEqual({ group, rows: lines - 2 });
  });

  it.each(groups.flatMap(({ rows }) => rows))("$behaviour", ({ file, title }) => {
    expect(readFileSync(new URL(file, root), "utf8")).toContain(`"${title}"`);
  });
});
