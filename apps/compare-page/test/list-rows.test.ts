import { describe, expect, it } from "vitest";
import type { TraceSummary } from "@tracebridge/compare/page-model";
import { noRows, placeAll, refresh, showWaiting, type ListRows } from "../src/list/list-rows.ts";
import { readSorting, writeSorting } from "../src/list/sort-choice.ts";

const summary = (traceId: string, otlpSpans = 1): TraceSummary => ({
  traceId,
  otlpSpans,
  lastSeenMillis: 0,
  sentrySpans: 0,
  errors: 0,
  services: [],
  name: traceId,
});
const describeRows = ({ rows }: ListRows): string[] =>
  rows.map(({ trace, isNew }) => `${trace.traceId} ${trace.otlpSpans}${isNew ? " new" : ""}`);

describe("the rows of the list", () => {
  it("keep their places while what they say changes, and let new traces wait", () => {
    const before = placeAll([summary("b"), summary("a")]);
    const after = refresh(before, [summary("c"), summary("a", 5), summary("b")]);
    expect([describeRows(after), after.waiting]).toEqual([["b 1", "a 5"], 1]);
    expect(after.rows.map(({ placed }) => placed.otlpSpans)).toEqual([1, 1]);
  });

  it("take the places that are theirs when the waiting ones are asked for", () => {
    const before = refresh(placeAll([summary("b"), summary("a")]), [
      summary("c"),
      summary("a", 5),
      summary("b"),
    ]);
    const after = showWaiting(before);
    expect([describeRows(after), after.waiting]).toEqual([["c 1 new", "a 5", "b 1"], 0]);
  });

  it("stay when the store no longer has them, until the reader asks for what is new", () => {
    const after = refresh(placeAll([summary("a")]), [summary("b")]);
    expect(describeRows(after)).toEqual(["a 1"]);
    expect(describeRows(showWaiting(after))).toEqual(["b 1 new"]);
  });

  it("come at once where there were none", () => {
    expect(describeRows(refresh(noRows, [summary("a")]))).toEqual(["a 1 new"]);
  });
});

describe("the order in the address", () => {
  it.each(["name", "-otlp"])("reads %s as it was written", (sort) => {
    expect(writeSorting(readSorting(sort, ["name", "otlp"]))).toBe(sort);
  });

  it.each([null, "", "-", "verdict", "constructor"])("is none for %s", (sort) => {
    expect(readSorting(sort, ["name", "otlp"])).toEqual([]);
  });
});
