export { readBusinessContext, withBusinessContext } from "./business-context/index.ts";
export { addBreadcrumb, captureError } from "./errors/index.ts";
export type { Breadcrumb, CaptureErrorOptions, ErrorLevel } from "./errors/index.ts";
export { activeTraceId, readTraceCarrier, runUntraced, withSpan, withTraceCarrier } from "./spans/index.ts";
export type { WithSpanOptions } from "./spans/index.ts";
export { getTelemetry } from "./telemetry.ts";
export type { SentryStats, SinkStats, Telemetry, TelemetryStats } from "./telemetry.ts";
