import type { Trace } from "@tracebridge/comparison";
import type { SourceInfo } from "../page-model.ts";

/** A source as a page names it, and what it has of the trace. */
export interface ComparedSide {
  source: SourceInfo;
  /** The trace in the back end's own user interface. */
  pageUrl?: string;
  trace: Trace;
}

/** What can be asked of a comparison; see ../page-model.ts for the answers. */
export type Question =
  | { kind: "whole" }
  | { kind: "page" }
  | { kind: "verdict" }
  | { kind: "differences"; rule?: string; offset: number; limit: number }
  | { kind: "span"; spanId: string };

/** What the worker can be asked; `key` names a comparison that it holds. It answers JSON, or nothing where there is none. */
export type ComparisonCall =
  | { method: "compare"; key: number; left: ComparedSide; right: ComparedSide; nowMillis: number }
  | { method: "answer"; key: number; question: Question }
  | { method: "forget"; key: number };
