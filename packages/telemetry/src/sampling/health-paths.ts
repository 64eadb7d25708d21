import { readPath } from "./sampled-span.ts";
import type { SampledSpan } from "./sampled-span.ts";

/** Probes say nothing about users and would drown what does; they are sampled nowhere. */
const HEALTH_PATHS: ReadonlySet<string> = new Set([
  "/health",
  "/healthz",
  "/ready",
  "/readiness",
  "/metrics",
]);

/** Whether a span that is about to start serves a health probe, by whatever method. */
export function isHealthRequest(span: SampledSpan): boolean {
  const path = readPath(span);
  return path !== undefined && isHealthPath(path);
}

/** `path` without query and fragment. */
export function isHealthPath(path: string): boolean {
  return HEALTH_PATHS.has(path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path);
}
