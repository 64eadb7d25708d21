/** Node runs a longer timer at once, https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const longestMillis = 2_147_483_647;

export interface Timer {
  /** Runs the callback once after the delay; replaces an earlier start. */
  start(delayMillis: number, callback: () => void): void;
  stop(): void;
}

/** A timer that can be long, and that does not keep the process alive. */
export function createTimer(): Timer {
  let handle: NodeJS.Timeout | undefined;
  const start = (delayMillis: number, callback: () => void): void => {
    clearTimeout(handle);
    handle = setTimeout(
      () => {
        if (delayMillis > longestMillis) start(delayMillis - longestMillis, callback);
        else callback();
      },
      Math.min(Math.max(0, delayMillis), longestMillis),
    );
    handle.unref();
  };
  return { start, stop: () => clearTimeout(handle) };
}
