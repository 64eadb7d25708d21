export type { DscSource } from "./dsc-source.ts";
export { InboundRule, markInbound } from "./inbound.ts";
export { createTargetSampler } from "./target-sampler.ts";
export { createTargetTest } from "./targets.ts";
export type { TargetPattern } from "./targets.ts";
export { TracePropagator } from "./trace-propagator.ts";
export type { PropagationFormats, TracePropagatorOptions } from "./trace-propagator.ts";
