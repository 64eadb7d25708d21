export { BridgeTraceState, readSegment, readTraceState } from "./bridge-trace-state.ts";
export { linkOtherParent } from "./other-parent.ts";
export { deriveConsistentSampleRand, deriveSampleRand, formatSampleRand } from "./sample-rand.ts";
export type { Dsc, Segment, TraceInfo } from "./trace-info.ts";
export { readTraceStateHeader, trimOptionalSpace } from "./w3c-trace-state.ts";
export type { TraceStateEntries } from "./w3c-trace-state.ts";
