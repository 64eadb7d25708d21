const units = [
  { millis: 3_600_000, name: "h" },
  { millis: 60_000, name: "min" },
  { millis: 1000, name: "s" },
  { millis: 1, name: "ms" },
  { millis: 0.001, name: "µs" },
] as const;

/** Milliseconds as people write them, three digits of them: `1.25 s`, `12.5 ms`, `800 µs`. */
export function formatDuration(millis: number): string {
  const size = Math.abs(millis);
  if (size < 0.0005) return "0 ms";
  const unit = units.find((one) => size >= one.millis * 0.9995) ?? units[4];
  const count = millis / unit.millis;
  return `${Number(Math.abs(count) >= 100 ? count.toFixed(0) : count.toPrecision(3))} ${unit.name}`;
}

/** The time of day in UTC, to the millisecond; a sender may claim a time that no calendar has. */
export function formatMoment(unixMillis: number): string {
  const date = new Date(unixMillis);
  if (Number.isNaN(date.getTime())) return "(no time)";
  return `${date.toISOString().slice(0, 23).replace("T", " ")} UTC`;
}

/** `1 span`, `2 spans`, `10,000 spans`. */
export function formatCount(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
