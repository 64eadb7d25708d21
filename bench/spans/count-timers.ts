import { createHook } from "node:async_hooks";

let timers: Set<number> | undefined;

/**
 * How many timers are set, those that keep no process alive included: `process.getActiveResourcesInfo()` leaves them out.
 * Counts from the first call on, and slows everything down: for processes whose time nobody reads.
 */
export function countTimers(): number {
  timers ??= followTimers();
  return timers.size;
}

function followTimers(): Set<number> {
  const set = new Set<number>();
  createHook({
    init: (id, type) => {
      if (type === "Timeout") set.add(id);
    },
    destroy: (id) => set.delete(id),
  }).enable();
  return set;
}
