import { constants } from "node:os";
import type { Telemetry } from "../telemetry.ts";

/** A process that runs out of work is flushed, and so is one that does not listen when it is told to end. */
export function flushAtExit(telemetry: Telemetry): void {
  process.once("beforeExit", () => void telemetry.shutdown());
  flushOnSignal(telemetry, "SIGTERM");
  flushOnSignal(telemetry, "SIGINT");
}

/**
 * Sends what is buffered when the process is told to end and nobody else listens for that signal; then the signal does
 * what it would have done. An application with a listener of its own shuts telemetry down itself, when it is ready.
 */
function flushOnSignal(telemetry: Telemetry, signal: NodeJS.Signals): void {
  const flush = (): void => {
    if (process.listenerCount(signal) > 1) return;
    void telemetry.shutdown().then(() => {
      process.off(signal, flush);
      process.kill(process.pid, signal);
      // The first process of a container: to it the kernel delivers no signal that it does not listen for.
      // https://man7.org/linux/man-pages/man7/pid_namespaces.7.html
      if (process.pid === 1) process.exit(128 + constants.signals[signal]);
    });
  };
  // Before a listener that was added with `once`, which is gone by the time it runs.
  process.prependListener(signal, flush);
}
