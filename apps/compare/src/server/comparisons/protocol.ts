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

/** A call to the worker; `key` names a comparison that it holds. */
export interface ComparisonRequest {
  id: number;
  call:
    | { method: "compare"; key: number; left: ComparedSide; right: ComparedSide; nowMillis: number }
    | { method: "answer"; key: number; question: Question }
    | { method: "forget"; key: number };
}

/** `text` is JSON; undefined when there is no such thing. */
export interface ComparisonReply {
  id: number;
  text?: string;
  error?: string;
}
