/**
 * Waits until `condition` holds.
 *
 * @throws Error that says what was waited for, and what was seen last, after `timeoutMillis`
 */
export async function waitUntil<T>(
  what: string,
  read: () => T | Promise<T>,
  condition: (value: T) => boolean = Boolean,
  timeoutMillis = 20_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMillis;
  for (;;) {
    const value = await read();
    if (condition(value)) return value;
    if (Date.now() > deadline)
      throw new Error(`waited in vain for ${what}; last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
