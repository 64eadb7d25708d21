import type { Difference, TraceSpan } from "@tracebridge/comparison";
import type { TimedNote } from "@tracebridge/compare/page-model";
import { describe, expect, it } from "vitest";
import { filterDifferences } from "../src/trace/difference-filter.ts";
import { describeDifference } from "../src/trace/difference-words.ts";
import { formatDuration, formatMoment } from "../src/trace/duration-text.ts";
import { writeNanos, writeUnixNano } from "../src/trace/exact-time.ts";
import { clusterNotes } from "../src/trace/note-clusters.ts";
import { createSpanTable } from "../src/trace/span-table.ts";
import { anyDifference } from "../src/trace/trace-address.ts";

describe("times", () => {
  it.each([
    [0, "0 ms"],
    [0.0123, "12.3 µs"],
    [0.9999, "1 ms"],
    [12.345, "12.3 ms"],
    [895.4, "895 ms"],
    [1250, "1.25 s"],
    [59_999, "1 min"],
    [7_200_000, "2 h"],
    [-1, "-1 ms"],
  ])("of %d milliseconds are written %s", (millis, text) => {
    expect(formatDuration(millis)).toBe(text);
  });

  it("that are compared keep every digit", () => {
    expect(writeNanos(316_888_077n)).toBe("316.888077 ms");
    expect(writeNanos(16_888_000n)).toBe("16.888 ms");
    expect(writeNanos(-500n)).toBe("-0.0005 ms");
    expect(writeUnixNano("1795276384738000077")).toBe("15:53:04.738000077");
  });

  it("that no calendar has are told as such", () => {
    expect(formatMoment(Number.MAX_VALUE)).toBe("(no time)");
  });
});

describe("notes", () => {
  const note = (atMillis: number, side: TimedNote["side"], kind: TimedNote["kind"]): TimedNote => ({
    atMillis,
    side,
    kind,
    service: "web",
    level: "info",
    text: "x",
  });

  it("of one side share a mark when they stand close, and an error among them shows", () => {
    const notes = [
      note(0, "both", "log"),
      note(1, "left", "error"),
      note(2, "right", "log"),
      note(50, "left", "log"),
    ];
    const clusters = clusterNotes(notes, "left", { from: 0, to: 100 }, 5);
    expect(clusters.map(({ percent, failed, notes }) => [percent, failed, notes.length])).toEqual([
      [0, true, 2],
      [50, false, 1],
    ]);
  });

  it("share a mark at the edge, where the outermost is moved to stay whole", () => {
    const count = (at: number): number =>
      clusterNotes([note(at, "left", "log"), note(100, "left", "log")], "left", { from: 0, to: 100 }, 5)
        .length;
    expect([count(92), count(94)]).toEqual([2, 1]);
  });

  it("outside the window have no mark", () => {
    expect(clusterNotes([note(0, "left", "log")], "left", { from: 10, to: 20 }, 5)).toEqual([]);
  });
});

const difference = (part: Partial<Difference>): Difference => ({
  verdict: "unexplained",
  field: "attribute",
  spanId: "a".repeat(16),
  service: "web",
  ...part,
});

describe("differences", () => {
  it("are described by what differs, or by the side that has it", () => {
    const labels = { left: "Sentry", right: "OTLP" };
    expect(describeDifference(difference({ key: "k", left: 1, right: 2 }), labels)).toBe(
      "attribute k differs",
    );
    expect(describeDifference(difference({ field: "span", right: "x" }), labels)).toBe("span only in OTLP");
  });

  it("are found by the text of their values and by the name of their span", () => {
    const all = [
      difference({ key: "k", left: "Apple" }),
      difference({ field: "name", left: "x", right: "y" }),
    ];
    const find = (text: string): number =>
      filterDifferences(all, { ...anyDifference, text }, () => "GET /order").length;
    expect([find("apple"), find("get /"), find("pear")]).toEqual([1, 2, 0]);
  });
});

describe("the table of a span", () => {
  const span: TraceSpan = {
    traceId: "b".repeat(32),
    spanId: "a".repeat(16),
    name: "n",
    service: "web",
    status: "ok",
    startTimeUnixNano: "1000000",
    endTimeUnixNano: "3000000",
    attributes: { same: 1, mine: "x" },
    resource: {},
    events: [],
    links: [],
  };

  it("has what nobody can explain first, then what is equal, then the rest by rule, and every difference once", () => {
    const explanation = { rule: "r", title: "A rule", reason: "So it is", count: 2 };
    const groups = createSpanTable({
      left: span,
      right: { ...span, name: "m", attributes: { same: 1 } },
      differences: [
        difference({ field: "name", left: "n", right: "m" }),
        difference({ key: "mine", left: "x", verdict: "explained", rule: "r" }),
        difference({ field: "event", key: "e", right: { name: "e" }, verdict: "explained", rule: "r" }),
      ],
      explanations: [explanation],
      notes: [],
    });
    expect(groups.map(({ title, kind, rows }) => [title, kind, rows.map((row) => row.label)])).toEqual([
      ["Not explained", "open", ["name"]],
      ["Span", "equal", ["service", "status", "start (UTC)", "duration"]],
      ["Attributes", "equal", ["same"]],
      ["A rule", "explained", ["mine", "event e"]],
    ]);
    expect(groups[1]?.rows.at(-1)).toMatchObject({ left: "2 ms", right: "2 ms" });
  });
});
