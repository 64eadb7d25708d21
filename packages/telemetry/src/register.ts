import { isMainThread } from "node:worker_threads";
import { readConfig } from "./config/index.ts";
import { createReporter } from "./problems/index.ts";

/**
 * `node --import @tracebridge/telemetry/register main.ts` starts telemetry before the first import of the application.
 * This is the only place that reads the environment. Workers inherit `--import`; they are not instrumented.
 */
if (isMainThread && !readConfig(process.env).config.disabled) {
  try {
    const { startTelemetry } = await import("./start.ts");
    await startTelemetry({ env: process.env });
  } catch (error) {
    createReporter((line) => console.error(line)).once("start-failed", describeLoadFailure(String(error)));
  }
}

/** An application whose own OpenTelemetry SDK is of the 2.x line has an older API, which SDK 3 cannot be loaded with. */
function describeLoadFailure(error: string): string {
  const advice = error.includes("@opentelemetry/api")
    ? " It needs @opentelemetry/api 1.10 (npm install @opentelemetry/api@1.10.0); beside an OpenTelemetry SDK 2.x use " +
      "@tracebridge/telemetry/sentry instead."
    : "";
  return `Telemetry could not be loaded, the service runs without it: ${error.split("\n", 1)[0]}.${advice}`;
}
