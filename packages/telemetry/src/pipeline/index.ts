export { createBridgeSurroundings } from "./bridge-surroundings.ts";
export { createDoors } from "./doors.ts";
export { flushAtExit } from "./flush-at-exit.ts";
export { createRunningTelemetry } from "./running-telemetry.ts";
export { createOtlpSampler } from "./otlp-sampler.ts";
export { startBridge } from "./start-bridge.ts";
export { SetUpCheck } from "./set-up-check.ts";
export { dropReasons, isIntendedDrop } from "./drop-reasons.ts";
