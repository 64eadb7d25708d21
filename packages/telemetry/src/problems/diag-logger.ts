import { diag } from "@opentelemetry/api";
import type { DiagLogger } from "@opentelemetry/api";
import type { Reporter } from "./reporter.ts";

/**
 * Where OpenTelemetry's own messages go. Warnings and errors are said once each: an unreachable back end would repeat
 * them with every batch. What names one of `ownVariables` is left out, since the configuration has told it already.
 */
export function createDiagLogger(reporter: Reporter, ownVariables: readonly string[]): DiagLogger {
  const once = (message: string, ...details: unknown[]): void => {
    if (ownVariables.some((name) => message.includes(name))) return;
    reporter.once(`opentelemetry:${message.slice(0, 120)}`, [message, ...details.map(describe)].join(" "));
  };
  const always = (message: string, ...details: unknown[]): void => {
    console.error(`[tracebridge] ${[message, ...details.map(describe)].join(" ")}`);
  };
  return { error: once, warn: once, info: always, debug: always, verbose: always };
}

/** Tells OpenTelemetry's logger, which may be the application's own: what that throws must change nothing. */
export function tellDiag(level: "debug" | "info" | "warn", message: string): void {
  try {
    diag[level](message);
  } catch {
    // A broken logger cannot be told that it is broken.
  }
}

function describe(detail: unknown): string {
  if (typeof detail === "string") return detail;
  if (detail instanceof Error) return detail.message;
  try {
    return (JSON.stringify(detail) ?? String(detail)).slice(0, 500);
  } catch {
    return Object.prototype.toString.call(detail);
  }
}
