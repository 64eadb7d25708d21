import type { TraceRow } from "@tracebridge/compare/page-model";
import { describe, expect, it } from "vitest";
import { readGridKey } from "../src/trace/grid-keys.ts";
import { createTraceTree, readAncestors } from "../src/trace/trace-tree.ts";
import { createVisibleRows, revealRow, type RowFilter } from "../src/trace/visible-rows.ts";

function row(spanId: string, depth: number, service: string, more: Partial<TraceRow> = {}): TraceRow {
  const side = { name: `do ${spanId}`, kind: "", status: "ok", startMillis: 0, durationMillis: 1 } as const;
  const differences = { unexplained: 0, explained: 0, late: 0 };
  const shared = { orphan: false, left: side, right: side, errors: 0, logs: 0, critical: false };
  return { spanId, depth, service, differences, ...shared, ...more };
}

const rows = [
  row("a", 0, "web"),
  row("b", 1, "web"),
  row("c", 2, "web"),
  row("d", 2, "order"),
  row("e", 3, "order", { differences: { unexplained: 1, explained: 0, late: 0 } }),
  row("f", 1, "web", { errors: 1 }),
  row("g", 0, "order"),
];
const tree = createTraceTree(rows);
const all: RowFilter = { folded: new Set(), services: new Set(), text: "", rows: "all" };

function show(filter: Partial<RowFilter>): string[] {
  return createVisibleRows(tree, { ...all, ...filter }).map(
    ({ index, level, hidden, passed }) =>
      `${".".repeat(level)}${rows[index]?.spanId}${hidden > 0 ? `+${hidden}` : ""}${passed ? " passed" : ""}`,
  );
}

describe("the tree of rows", () => {
  it("is read off their depths", () => {
    expect([...tree.parents]).toEqual([-1, 0, 1, 1, 3, 0, -1]);
    expect([...tree.ends]).toEqual([6, 5, 3, 5, 5, 6, 7]);
    expect(readAncestors(tree, 4)).toEqual([3, 1, 0]);
  });

  it("is shown whole unless something is wanted of it", () => {
    expect(show({})).toEqual([".a", "..b", "...c", "...d", "....e", "..f", ".g"]);
  });

  it("leaves out what is folded, and counts it", () => {
    expect(show({ folded: new Set(["b"]) })).toEqual([".a", "..b+3", "..f", ".g"]);
  });

  it("shows of a collapsed service only what others called, and what it called itself", () => {
    expect(show({ services: new Set(["web"]) })).toEqual([".a+3", "..d", "...e", ".g"]);
    expect(show({ services: new Set(["web", "order"]) })).toEqual([".a+3", "..d+1", ".g"]);
  });

  it("shows what is sought with its ancestors", () => {
    expect(show({ text: " DO E " })).toEqual([".a passed", "..b passed", "...d passed", "....e"]);
    expect(show({ rows: "different" })).toEqual([".a passed", "..b passed", "...d passed", "....e"]);
    expect(show({ rows: "failed" })).toEqual([".a passed", "..f"]);
    expect(show({ text: "nowhere" })).toEqual([]);
  });

  it("knows the place of each row among its siblings that are shown", () => {
    const places = createVisibleRows(tree, all).map(({ position, siblings }) => `${position}/${siblings}`);
    expect(places).toEqual(["1/2", "1/2", "1/2", "2/2", "1/1", "2/2", "2/2"]);
  });

  it("opens no more than it takes to reveal a row", () => {
    const folded = { ...all, folded: new Set(["b", "g"]) };
    expect(revealRow(tree, folded, 4).folded).toEqual(new Set(["g"]));
    expect(revealRow(tree, folded, 5)).toBe(folded);
    const collapsed = { ...all, services: new Set(["web", "order"]), text: "do" };
    expect(revealRow(tree, collapsed, 2)).toMatchObject({ services: new Set(["order"]), text: "do" });
    expect(revealRow(tree, { ...all, text: "do g" }, 2).text).toBe("");
  });

  it("holds ten thousand rows that are each other's children", () => {
    const deep = createTraceTree(
      Array.from({ length: 10_000 }, (_, depth) => row(`s${depth}`, depth, "web")),
    );
    expect(createVisibleRows(deep, all).at(-1)).toMatchObject({ level: 10_000, position: 1, siblings: 1 });
  });
});

describe("a key on a row", () => {
  const visible = createVisibleRows(tree, { ...all, folded: new Set(["d"]) });
  it.each([
    ["ArrowDown", 0, { deed: "go", to: 1 }],
    ["ArrowUp", 0, { deed: "go", to: 0 }],
    ["End", 0, { deed: "go", to: 5 }],
    ["Home", 5, { deed: "go", to: 0 }],
    ["PageDown", 1, { deed: "go", to: 4 }],
    ["PageUp", 1, { deed: "go", to: 0 }],
    ["ArrowRight", 0, { deed: "go", to: 1 }],
    ["ArrowRight", 3, { deed: "fold", folded: false }],
    ["ArrowRight", 2, undefined],
    ["ArrowLeft", 0, { deed: "fold", folded: true }],
    ["ArrowLeft", 2, { deed: "go", to: 1 }],
    ["Enter", 2, { deed: "open" }],
    ["x", 2, undefined],
  ])("%s at %i does %j", (key, at, deed) => {
    expect(readGridKey(key, visible, at, 3)).toEqual(deed);
  });
});
