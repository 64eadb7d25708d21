export interface Cut extends Disposable {
  readonly signal: AbortSignal;
}

/** Aborts `totalMillis` from now, and `graceMillis` after `stop` if that is sooner. */
export function createCut(stop: AbortSignal, options: { graceMillis: number; totalMillis: number }): Cut {
  const controller = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const cutAfter = (millis: number): void => void timers.push(setTimeout(() => controller.abort(), millis));
  const onStop = (): void => cutAfter(options.graceMillis);
  cutAfter(options.totalMillis);
  if (stop.aborted) onStop();
  else stop.addEventListener("abort", onStop, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      stop.removeEventListener("abort", onStop);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
