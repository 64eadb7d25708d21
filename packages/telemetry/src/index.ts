export { readBusinessContext, setUser, withBusinessContext } from "./business-context/index.ts";
export { addBreadcrumb, captureError, captureMessage } from "./errors/index.ts";
export type { Breadcrumb, CaptureErrorOptions, ErrorLevel } from "./errors/index.ts";
export { consumeWithTrace, publishWithTrace } from "./messaging/index.ts";
export type { MessageOptions } from "./messaging/index.ts";
export {
  activeTraceId,
  readTraceCarrier,
  runUntraced,
  trackOperation,
  withSpan,
  withTraceCarrier,
} from "./spans/index.ts";
export type { WithSpanOptions } from "./spans/index.ts";
export { getTelemetry } from "./telemetry.ts";
export type { SentryStats, SinkStats, Telemetry, TelemetryStats } from "./telemetry.ts";
