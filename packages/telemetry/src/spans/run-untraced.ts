import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";

/** Runs `fn` so that nothing inside it makes spans or sends trace headers: sweeps, set-up, health probes. */
export function runUntraced<T>(fn: () => T): T {
  return context.with(suppressTracing(context.active()), fn);
}
