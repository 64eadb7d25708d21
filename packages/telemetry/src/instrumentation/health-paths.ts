const HEALTH_PATHS = new Set(["/health", "/healthz", "/ready", "/readiness", "/metrics"]);

/** Whether a request target asks for health or metrics: such requests are never traced. */
export function isHealthPath(target: string | undefined): boolean {
  return HEALTH_PATHS.has((target ?? "").replace(/[?#].*$/, "").replace(/\/$/, ""));
}
