import type { SpanDetail, TracePageModel } from "@tracebridge/compare/page-model";
import { otherSide, sides, type Side } from "./side.ts";

/** The side without a span of a trace that only the other side has spans of. It may have errors and logs. */
export function readEmptySide(model: TracePageModel): Side | undefined {
  return model.verdict === "one-sided" ? sides.find((side) => model[side].spans === 0) : undefined;
}

/** Errors and logs arrive without spans where the services export spans elsewhere. */
export function hasNotes({ errors, logs }: TracePageModel[Side]): boolean {
  return errors + logs > 0;
}

/** The only side that has spans. */
export function readFullSide(model: TracePageModel): Side | undefined {
  const empty = readEmptySide(model);
  return empty && otherSide(empty);
}

/** Where there is nothing to compare, that every span is missing on one side is no news of any of them. */
export function withoutIdleDifferences(model: TracePageModel): TracePageModel {
  if (readEmptySide(model) === undefined) return model;
  const none = { unexplained: 0, explained: 0, late: 0 };
  return {
    ...model,
    counts: none,
    differences: [],
    explanations: [],
    rows: model.rows.map((row) => ({ ...row, differences: none })),
  };
}

/** The same of one span. */
export function withoutIdleDetail(detail: SpanDetail, model: TracePageModel): SpanDetail {
  return readEmptySide(model) === undefined ? detail : { ...detail, differences: [], explanations: [] };
}
