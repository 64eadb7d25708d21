import { SpanKind } from "@opentelemetry/api";
import type { Attributes } from "@opentelemetry/api";

/** Probes say nothing about users and would drown what does; they are sampled nowhere. */
const HEALTH_PATHS: ReadonlySet<string> = new Set([
  "/health",
  "/healthz",
  "/ready",
  "/readiness",
  "/metrics",
]);

/** Whether a span that is about to start serves a health probe. Reads the current and the obsolete attribute name. */
export function isHealthRequest(kind: SpanKind, attributes: Attributes): boolean {
  if (kind !== SpanKind.SERVER) return false;
  const target = attributes["url.path"] ?? attributes["http.target"];
  if (typeof target !== "string") return false;
  const path = target.split(/[?#]/, 1)[0] ?? "";
  return HEALTH_PATHS.has(path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path);
}
