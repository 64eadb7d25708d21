import { isMainThread } from "node:worker_threads";
import { readConfig } from "./config/index.ts";

/**
 * `node --import @tracebridge/telemetry/register main.ts` starts telemetry before the first import of the application.
 * This is the only place that reads the environment. Workers inherit `--import`; they are not instrumented.
 */
if (isMainThread && !readConfig(process.env).config.disabled) {
  const { startTelemetry } = await import("./start.ts");
  await startTelemetry({ env: process.env });
}
