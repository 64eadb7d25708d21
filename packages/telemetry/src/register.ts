import { isMainThread } from "node:worker_threads";
import { readConfig } from "./config/index.ts";
import { createReporter } from "./problems/index.ts";
// Not the whole room: with telemetry off next to nothing is loaded.
import { describeLoadFailure } from "./self-check/load-failure.ts";

/**
 * `node --import @tracebridge/telemetry/register main.ts` starts telemetry before the first import of the application.
 * This is the only place that reads the environment. Workers inherit `--import`; they are not instrumented.
 */
if (isMainThread && !readConfig(process.env).config.disabled) {
  try {
    const { startTelemetry } = await import("./start.ts");
    await startTelemetry({ env: process.env });
  } catch (error) {
    createReporter((line) => console.error(line)).once("start-failed", describeLoadFailure(error));
  }
}
