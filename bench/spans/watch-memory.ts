import type { Memory } from "./commands.ts";

const LOOK_MILLIS = 20;

/** Looks at the memory from the first reading on; every reading returns the highest values since the one before. */
export function watchMemory(): () => Memory {
  let peak = readMemory();
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const now = readMemory();
    peak = {
      rss: Math.max(peak.rss, now.rss),
      heapUsed: Math.max(peak.heapUsed, now.heapUsed),
      external: Math.max(peak.external, now.external),
    };
  };
  return () => {
    timer ??= setInterval(look, LOOK_MILLIS).unref();
    look();
    const highest = peak;
    peak = readMemory();
    return highest;
  };
}

function readMemory(): Memory {
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external };
}
