/** Sentry's log levels, lowest first; each stands for four of OpenTelemetry's severity numbers. */
const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

export type LogLevel = (typeof LEVELS)[number];

/** @see https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber (0 is unspecified) */
export function readLogLevel(severityNumber: number | undefined): LogLevel {
  if (severityNumber === undefined || severityNumber < 1) return "info";
  return LEVELS[Math.floor((severityNumber - 1) / 4)] ?? "fatal";
}

/** The lowest number of a level, for records that came without one. */
export function readSeverityNumber(level: LogLevel): number {
  return LEVELS.indexOf(level) * 4 + 1;
}
