export { BridgeTraceState, readSegment, readTraceState } from "./bridge-trace-state.ts";
export { createStrangersParent, linkOtherParent, readStranger } from "./other-parent.ts";
export { drawNumber } from "./random.ts";
export { forPage, forStorage, isForPage, isForStorage } from "./reach.ts";
export type { Reach } from "./reach.ts";
export {
  createSampleRand,
  deriveConsistentSampleRand,
  deriveSampleRand,
  formatSampleRand,
} from "./sample-rand.ts";
export type { Dsc, Segment, TraceInfo } from "./trace-info.ts";
export { readTraceStateHeader, trimOptionalSpace } from "./w3c-trace-state.ts";
export type { TraceStateEntries } from "./w3c-trace-state.ts";
export { createWaitingSpan } from "./waiting-span.ts";
