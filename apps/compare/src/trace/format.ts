/** Milliseconds as people write them. */
export function formatDuration(millis: number): string {
  if (millis >= 1000) return `${(millis / 1000).toFixed(2)} s`;
  return millis >= 10 ? `${millis.toFixed(0)} ms` : `${millis.toFixed(1)} ms`;
}

/** The time of day in UTC, to the millisecond; a sender may claim a time that no calendar has. */
export function formatTimeOfDay(millis: number): string {
  const date = new Date(millis);
  return Number.isNaN(date.getTime()) ? "(no time)" : date.toISOString().slice(11, 23);
}

/** Date and time of day in UTC. */
export function formatTime(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** At most `length` characters, the last one then an ellipsis. */
export function cutText(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** `1 span`, `2 spans`. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
