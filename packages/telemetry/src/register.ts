import { isMainThread } from "node:worker_threads";
import { readConfig } from "./config/index.ts";
import { installLoaderHook } from "./instrumentation/loader-hook.ts";

/**
 * `node --import @tracebridge/telemetry/register main.ts` starts telemetry before the first import of the application.
 * This is the only place that reads the environment. Workers inherit `--import`; they are not instrumented.
 */
if (isMainThread && !readConfig(process.env).config.disabled) {
  const { startTelemetry } = await import("./start.ts");
  const telemetry = await startTelemetry({ env: process.env });
  // After the start, since the instrumentations must exist when modules are hooked.
  if (telemetry) installLoaderHook();
  // A process that runs out of work is flushed; one that is told to stop shuts down in its own order.
  process.once("beforeExit", () => void telemetry?.shutdown());
}
