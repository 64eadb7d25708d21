export { createFindRule } from "./rules.ts";
export { createSampler } from "./sampler.ts";
export type { SamplerOptions } from "./sampler.ts";
export type { SampledSpan } from "./sampled-span.ts";
