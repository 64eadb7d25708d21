/** Nanoseconds as milliseconds, with every digit: two values that differ look different. */
export function writeNanos(nanos: bigint): string {
  const sign = nanos < 0n ? "-" : "";
  const digits = (nanos < 0n ? -nanos : nanos).toString().padStart(7, "0");
  const fraction = digits.slice(-6).replace(/0+$/, "");
  return `${sign}${digits.slice(0, -6)}${fraction && `.${fraction}`} ms`;
}

/** The time of day in UTC to the nanosecond, of nanoseconds since 1970 in decimal digits. */
export function writeUnixNano(unixNano: string): string {
  const millis = Number(BigInt(unixNano) / 1_000_000n);
  const date = new Date(millis);
  if (Number.isNaN(date.getTime())) return unixNano;
  return `${date.toISOString().slice(11, 19)}.${unixNano.padStart(9, "0").slice(-9)}`;
}
