/** Milliseconds as people write them. */
export function formatDuration(millis: number): string {
  if (millis >= 1000) return `${(millis / 1000).toFixed(2)} s`;
  return millis >= 10 ? `${millis.toFixed(0)} ms` : `${millis.toFixed(1)} ms`;
}

/** Date and time of day in UTC. */
export function formatTime(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** `1 span`, `2 spans`. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
