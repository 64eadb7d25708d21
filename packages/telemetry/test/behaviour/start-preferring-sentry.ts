// Starts telemetry as an application does that follows Sentry's headers where they name another trace.
import { startTelemetry } from "@tracebridge/telemetry/start";

await startTelemetry({ env: process.env, preferOnConflict: "sentry" });
