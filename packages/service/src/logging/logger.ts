import { destination, pino, type Logger } from "pino";
import type { LogLevel } from "../config/variables.ts";

export type { Logger };

/**
 * Writes JSON lines to stdout: `level` (pino's numbers 10 trace … 60 fatal), `time` (ms), `service`, `msg` and the
 * fields given. Levels stay numbers because instrumentation-pino reads the severity from them. Create it once, after
 * telemetry has started: the instrumentation wraps the factory.
 */
export function createLogger(options: { service: string; level: LogLevel }): Logger {
  const settings = {
    level: options.level,
    base: { service: options.service },
    // The driver's and the broker client's errors carry whole connections; message, code and stack are enough.
    serializers: { err: describeError },
  };
  // Synchronous, as process.stdout is on pipes: the last lines before an exit arrive, and in their order.
  return pino(settings, destination({ dest: 1, sync: true }));
}

function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const code =
    "code" in error && ["string", "number"].includes(typeof error.code) ? { code: error.code } : {};
  return { type: error.name, message: error.message, ...code, stack: error.stack };
}
