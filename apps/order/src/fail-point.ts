/**
 * For tests: what to do between the database write and the publish. `after-write` kills this process there, as a
 * power cut would; started again without the variable, the service goes on.
 */
export function readFailPoint(failPoint: "after-write" | undefined): (() => Promise<void>) | undefined {
  if (failPoint === undefined) return undefined;
  return () => {
    process.kill(process.pid, "SIGKILL");
    // Nothing may happen between sending the signal and its arrival.
    return new Promise<never>(() => undefined);
  };
}
