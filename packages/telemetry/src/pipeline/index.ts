export { flushAtExit } from "./flush-at-exit.ts";
export { createRunningTelemetry } from "./running-telemetry.ts";
export { createOtlpSampler } from "./otlp-sampler.ts";
