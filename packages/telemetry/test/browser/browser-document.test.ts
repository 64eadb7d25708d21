import { expect, it } from "vitest";
import { documentedFiles } from "./browser-document.ts";

const setUp = ["server.js", "index.html", "src/telemetry.js", "src/main.jsx"];
const code = setUp.map((name) => documentedFiles.get(name) ?? "").join("\n");

it("docs/browser.md sets a page up in ten lines", () => {
  const marks = [...code.matchAll(/\/\/ (\d+)\b/g)].map(([, mark]) => Number(mark));
  expect(marks).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

it("docs/browser.md marks all lines that are there for telemetry", () => {
  const ours = code
    .split("\n")
    .filter((line) => /telemetry|tracebridge|BrowserHost|host\.|no-store/i.test(line));
  // The place in the page is marked by itself.
  const unmarked = ours.filter((line) => !/\/\/ \d/.test(line) && line.trim() !== "<!--tracebridge-->");
  expect(unmarked).toEqual([]);
});
