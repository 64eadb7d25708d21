import type { ProblemKey } from "./codes.ts";

/** Tells the operator about problems of telemetry itself. */
export interface Reporter {
  /** Says `message`, with the code that begins `key`, unless something was said under `key` before. */
  once(key: ProblemKey, message: string): void;
}

/** More distinct problems than this are a loop; the first ones name the cause. */
const MAX_KEYS = 200;

/** `write` gets one line without a line break. A reporter never throws. */
export function createReporter(write: (line: string) => void): Reporter {
  const said = new Set<string>();
  return {
    once(key, message) {
      if (said.has(key) || said.size >= MAX_KEYS) return;
      said.add(key);
      try {
        const [code] = key.split(":", 1);
        write(`[tracebridge] ${message.replaceAll(/\s*\n\s*/g, " ")} (${code})`);
      } catch {
        // A closed standard error must not reach the application.
      }
    },
  };
}
