import {
  alignTraces,
  compareTraces,
  readMillis,
  type AlignedRow,
  type TraceComparison,
} from "@tracebridge/comparison";
import { createComparisonDocument } from "../../trace/comparison-document.ts";
import type {
  ComparisonSummary,
  DifferencePage,
  SpanDetail,
  TimedNote,
  TracePageModel,
} from "../page-model.ts";
import { buildNotes } from "./build-notes.ts";
import { buildRows, readExtent, readStart } from "./build-rows.ts";
import type { ComparedSide, Question } from "./protocol.ts";

/** A comparison and what the pages show of it. */
export interface ComparisonView {
  left: ComparedSide;
  right: ComparedSide;
  comparison: TraceComparison;
  rows: AlignedRow[];
  /** By time. */
  notes: TimedNote[];
  /** The trace's first start. */
  startTimeUnixNano: string;
}

const maxDifferences = 1000;
const maxNotes = 5000;

export function createView(left: ComparedSide, right: ComparedSide, nowMillis: number): ComparisonView {
  const comparison = compareTraces(left.trace, right.trace, { nowMillis });
  const startTimeUnixNano = readStart([left.trace, right.trace]);
  return {
    left,
    right,
    comparison,
    rows: alignTraces(left.trace, right.trace),
    notes: buildNotes(left.trace, right.trace, startTimeUnixNano),
    startTimeUnixNano,
  };
}

/** @returns the answer as JSON; undefined when there is no such span */
export function answerQuestion(view: ComparisonView, question: Question): string | undefined {
  switch (question.kind) {
    case "whole":
      return JSON.stringify(createComparisonDocument(view.comparison));
    case "page":
      return JSON.stringify(createPage(view));
    case "verdict": {
      const { verdict, counts } = view.comparison;
      return JSON.stringify({ verdict, counts } satisfies ComparisonSummary);
    }
    case "differences": {
      const { rule, offset, limit } = question;
      const found = view.comparison.differences.filter((one) => rule === undefined || one.rule === rule);
      const differences = found.slice(offset, offset + limit);
      return JSON.stringify({ total: found.length, differences } satisfies DifferencePage);
    }
    case "span": {
      const detail = createSpanDetail(view, question.spanId);
      return detail && JSON.stringify(detail);
    }
  }
}

function createPage({
  left,
  right,
  comparison,
  rows,
  notes,
  startTimeUnixNano,
}: ComparisonView): TracePageModel {
  const { traceId, verdict, counts, differences, explanations } = comparison;
  return {
    traceId,
    verdict,
    counts,
    startMillis: readMillis(startTimeUnixNano),
    durationMillis: readExtent([left.trace, right.trace], startTimeUnixNano),
    left: { ...comparison.left, source: left.source, pageUrl: left.pageUrl },
    right: { ...comparison.right, source: right.source, pageUrl: right.pageUrl },
    rows: buildRows(rows, comparison, notes, startTimeUnixNano),
    differences: differences.filter(({ verdict }) => verdict !== "explained").slice(0, maxDifferences),
    explanations,
    notes: notes.slice(0, maxNotes),
  };
}

function createSpanDetail(view: ComparisonView, spanId: string): SpanDetail | undefined {
  const row = view.rows.find(({ left, right }) => (left ?? right)?.spanId === spanId);
  if (!row) return undefined;
  const differences = view.comparison.differences.filter((one) => one.spanId === spanId);
  const rules = new Set(differences.map(({ rule }) => rule));
  return {
    left: row.left,
    right: row.right,
    differences,
    explanations: view.comparison.explanations.filter(({ rule }) => rules.has(rule)),
    notes: view.notes.filter((note) => note.spanId === spanId),
  };
}
