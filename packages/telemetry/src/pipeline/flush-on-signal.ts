import type { Telemetry } from "../telemetry.ts";

/**
 * Sends what is buffered when the process is told to end and nobody else listens for that signal; then the signal does
 * what it would have done. An application with a listener of its own shuts telemetry down itself, when it is ready.
 */
export function flushOnSignal(telemetry: Telemetry, signal: NodeJS.Signals): void {
  const flush = (): void => {
    if (process.listenerCount(signal) > 1) return;
    void telemetry.shutdown().then(() => {
      process.off(signal, flush);
      process.kill(process.pid, signal);
    });
  };
  process.on(signal, flush);
}
