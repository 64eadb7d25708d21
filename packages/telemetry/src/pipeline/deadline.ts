/** Resolves when `work` has settled or the time is over, whichever comes first; it never rejects. */
export function settleWithin(timeoutMillis: number, work: readonly Promise<unknown>[]): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMillis);
    void Promise.allSettled(work).then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
