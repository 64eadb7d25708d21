import { getTelemetry, type TelemetryStats } from "@tracebridge/telemetry";

export interface Health {
  status: "ok";
  /** What became of spans, logs and errors since the start; `off` when nothing is recorded. */
  telemetry: TelemetryStats | "off";
}

/** What a liveness probe is told: the process answers, and its telemetry keeps its books. */
export function readHealth(): Health {
  return { status: "ok", telemetry: getTelemetry()?.stats() ?? "off" };
}
