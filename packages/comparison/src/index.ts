export { alignTraces } from "./compare/align-traces.ts";
export { compareTraces } from "./compare/compare-traces.ts";
export type * from "./compare/result.ts";
export { readOtlpLog, readOtlpSpan } from "./formats/otlp.ts";
export { readSentryError, readSentryLog, readSentrySpan } from "./formats/sentry.ts";
export * from "./model.ts";
export { compareTimes, readDurationMillis, readMillis } from "./time.ts";
export { arrangeTree } from "./tree.ts";
export type { TreeRow } from "./tree.ts";
