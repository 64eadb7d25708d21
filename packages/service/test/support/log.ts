import { pino } from "pino";
import type { Logger } from "@tracebridge/telemetry/logger";

export interface RecordingLogger {
  logger: Logger;
  lines: Record<string, unknown>[];
  /** The messages of all lines so far. */
  texts(): string[];
}

/** A logger of the same kind as the services', whose lines stay in memory. */
export function createRecordingLogger(): RecordingLogger {
  const lines: Record<string, unknown>[] = [];
  const logger = pino(
    { level: "trace", base: null },
    { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  return { logger, lines, texts: () => lines.map((line) => String(line["msg"])) };
}
