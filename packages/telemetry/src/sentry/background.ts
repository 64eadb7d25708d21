export type Timer = ReturnType<typeof setTimeout>;

/** A process that has nothing else to do ends, and flushes at its end: `timer` does not keep it. That of a page is a number. */
export function inBackground(timer: Timer): Timer {
  (timer as unknown as { unref?: () => void }).unref?.();
  return timer;
}

/** When all that runs now is done; a page has `setTimeout` for it alone. */
export function afterThisTurn(work: () => void): void {
  const { setImmediate } = globalThis as { setImmediate?: (work: () => void) => unknown };
  if (setImmediate) setImmediate(work);
  else setTimeout(work);
}
