/**
 * Looks again and again until `isRight` accepts what was read.
 *
 * @returns what was read last; on time-out as well, so that the assertion that follows shows the difference
 */
export async function readUntil<T>(
  read: () => Promise<T>,
  isRight: (value: T) => boolean,
  timeoutMillis: number,
): Promise<T> {
  const deadline = Date.now() + timeoutMillis;
  for (;;) {
    const value = await read();
    if (isRight(value) || Date.now() > deadline) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
