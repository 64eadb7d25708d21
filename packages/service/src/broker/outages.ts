/** Failures that are nobody's fault and pass: the message waits instead of using up its attempts. */
export interface Outages {
  isOutage(error: unknown): boolean;
  /** Resolves when work is possible again, rejects when `signal` is aborted. */
  waitForEnd(signal: AbortSignal): Promise<void>;
}

const maxOutages = 100;

/**
 * Runs the work, and runs it again after every outage.
 *
 * @returns what it threw in the end, or `undefined` when it is done
 */
export async function runThroughOutages(
  work: () => void | Promise<void>,
  signal: AbortSignal,
  outages: Outages | undefined,
  onOutage: (error: unknown) => void,
): Promise<{ cause: unknown } | undefined> {
  for (let outage = 0; ; outage += 1) {
    try {
      await work();
      return undefined;
    } catch (error) {
      const mayPass = outage < maxOutages && outages?.isOutage(error) === true;
      if (!mayPass || signal.aborted) return { cause: error };
      onOutage(error);
      try {
        await outages.waitForEnd(signal);
      } catch (cause) {
        return { cause };
      }
    }
  }
}
