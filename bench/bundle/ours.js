import { startBrowserTelemetry } from "@tracebridge/telemetry/browser";

startBrowserTelemetry();
