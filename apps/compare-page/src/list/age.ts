import { useSyncExternalStore } from "react";

const tickMillis = 5000;
let now = Date.now();

/** The time, a few seconds old at most: every row that says how old it is ticks with the others. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

function subscribe(listener: () => void): () => void {
  now = Date.now();
  const timer = setInterval(() => {
    now = Date.now();
    listener();
  }, tickMillis);
  return () => clearInterval(timer);
}

/** `5 min ago`. Clocks of two machines differ: what is in the future has just happened. */
export function formatAge(millis: number): string {
  const seconds = Math.floor(millis / 1000);
  if (seconds < 10) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}
