import { destination, pino } from "pino";
import type { Logger } from "pino";
import { noteLogged } from "../errors/index.ts";
import { readErrorMessage } from "../problems/index.ts";

export type { Logger };

export interface LoggerOptions {
  /** The field `service` of every line. */
  readonly name: string;
  /** The lowest level that is written; default `info`. */
  readonly level?: "trace" | "debug" | "info" | "warn" | "error" | "fatal";
}

/**
 * A pino logger whose one call becomes a JSON line on stdout, an OpenTelemetry log record and a Sentry log, all with the
 * trace id, span id and business ids of where it was made. A line holds `level` (10 trace … 60 fatal), `time` (ms since
 * the epoch), `service`, `msg`, `trace_id`, `span_id` and `parent_id`, and the fields given. An error goes under `err`; `captureError` does not log it again.
 * Create it once, after telemetry has started: the instrumentation wraps pino's factory.
 */
export function createLogger({ name, level = "info" }: LoggerOptions): Logger {
  const settings = {
    // Levels stay numbers: the instrumentation reads the severity from them.
    level,
    base: { service: name },
    // The errors of drivers and clients carry whole connections; message, code and stack are enough.
    serializers: { err: describeError },
  };
  // Synchronous, as process.stdout is on pipes: the last lines before an exit arrive, and in their order.
  return pino(settings, destination({ dest: 1, sync: true }));
}

function describeError(error: unknown): Record<string, unknown> {
  noteLogged(error);
  try {
    return readError(error);
  } catch {
    // A getter or a proxy that throws would throw out of the application's call.
    return { message: readErrorMessage(error) };
  }
}

function readError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const code =
    "code" in error && ["string", "number"].includes(typeof error.code) ? { code: error.code } : {};
  return { type: error.name, message: error.message, ...code, stack: error.stack };
}
