import type { TraceFormat } from "../../model.ts";
import { isSentryFormat } from "../scene.ts";

/** Between any of OpenTelemetry's formats and one of Sentry's. */
export function isBetweenOtelAndSentry(rich: TraceFormat, poor: TraceFormat): boolean {
  return !isSentryFormat(rich) && isSentryFormat(poor);
}
