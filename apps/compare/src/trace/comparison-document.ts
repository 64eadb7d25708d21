import type { TraceComparison } from "@tracebridge/comparison";

/** A change that a reader could stumble over makes it another number. */
const schemaVersion = 1;

export interface ComparisonDocument extends TraceComparison {
  schemaVersion: number;
}

/** What `--json` prints and the API answers; docs/compare-json.schema.json describes it. */
export function createComparisonDocument(comparison: TraceComparison): ComparisonDocument {
  return { schemaVersion, ...comparison };
}
