/**
 * Why telemetry cannot be loaded, and the fix. An application whose own OpenTelemetry SDK is of the 2.x line has an older
 * API, which SDK 3 cannot be loaded with.
 */
export function describeLoadFailure(error: unknown): string {
  const [cause = ""] = String(error).split("\n", 1);
  const advice = cause.includes("@opentelemetry/api")
    ? " It needs @opentelemetry/api 1.10 (npm install @opentelemetry/api@1.10.0); beside an OpenTelemetry SDK 2.x use " +
      "@tracebridge/telemetry/sentry instead."
    : "";
  return `Telemetry could not be loaded, the service runs without it: ${cause.replace(/\.+$/, "")}.${advice}`;
}
