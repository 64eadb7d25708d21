import { isMainThread } from "node:worker_threads";
import { readConfig } from "./config/index.ts";
import { installLoaderHook } from "./instrumentation/loader-hook.ts";

/**
 * `node --import @tracebridge/telemetry/register main.ts` starts telemetry before the first import of the application.
 * This is the only place that reads the environment. Workers inherit `--import`; they are not instrumented.
 */
if (isMainThread && !readConfig(process.env).config.disabled) {
  const { startTelemetry } = await import("./start.ts");
  const { flushOnSignal } = await import("./pipeline/flush-on-signal.ts");
  const telemetry = await startTelemetry({ env: process.env });
  // After the start, since the instrumentations must exist when modules are hooked.
  if (telemetry) {
    installLoaderHook();
    // A process that runs out of work is flushed, and so is one that does not listen when it is told to end.
    process.once("beforeExit", () => void telemetry.shutdown());
    flushOnSignal(telemetry, "SIGTERM");
    flushOnSignal(telemetry, "SIGINT");
  }
}
