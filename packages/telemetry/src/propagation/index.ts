export type { DscSource } from "./dsc-source.ts";
export { TracePropagator } from "./trace-propagator.ts";
export type { PropagationFormats, TracePropagatorOptions } from "./trace-propagator.ts";
