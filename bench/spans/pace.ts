import { setImmediate as nextTurn } from "node:timers/promises";

/** The least; a slower rate has longer ones, as every tick costs something. */
const TICK_MILLIS = 10;

type Act = (index: number) => void;

export function act(count: number, one: Act): void {
  for (let index = 0; index < count; index += 1) one(index);
}

/** Evenly; a process that cannot keep up does the rest as fast as it can, and input and output have their turn. */
export async function actAtRate(count: number, perSecond: number, one: Act): Promise<void> {
  const tickMillis = Math.max(TICK_MILLIS, 1000 / perSecond);
  const start = performance.now();
  let done = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(count, Math.ceil(((performance.now() - start) / 1000) * perSecond));
      const most = done + Math.ceil((4 * perSecond * tickMillis) / 1000);
      for (; done < Math.min(due, most); done += 1) one(done);
      if (done < count) return;
      clearInterval(timer);
      resolve();
    }, tickMillis);
  });
}

export async function actAsFastAsItGoes(count: number, one: Act): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    one(index);
    await nextTurn();
  }
}
