import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { dropReasons } from "../src/pipeline/index.ts";
import { problemCodes } from "../src/problems/codes.ts";
import { runFixture, toBoth } from "./fixture-process.ts";

const page = await readFile(new URL("../../../docs/errors.md", import.meta.url), "utf8");

test("docs/errors.md has a section with cause and fix for every code there is, and for no other", () => {
  const sections = page.split(/^### /m).slice(1);
  expect(sections.map((section) => section.split("\n", 1)[0])).toEqual([...problemCodes]);
  for (const section of sections) expect(section).toMatch(/\n- Cause: .+\n[^]*- Fix: .+\n/);
});

test("docs/errors.md explains every reason for which something is dropped, in the words of the code", () => {
  const rows = [...page.matchAll(/^\| `(\w+)` +\| ([^|]+?) +\|/gm)].map(([, reason, meaning]) => [
    reason,
    meaning,
  ]);
  expect(rows).toEqual(Object.entries(dropReasons).map(([reason, { meaning }]) => [reason, meaning]));
});

test("a line on standard error ends with its code", async () => {
  const { warnings } = await runFixture((to) => ({ ...toBoth(to), OTEL_TRACES_SAMPLER: "sometimes" }));
  expect(warnings).toEqual([expect.stringMatching(/ \(variable\)$/)]);
});
