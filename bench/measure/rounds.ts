/** The same ones in the same order, beginning with another one each round. */
export function rotate<T>(list: readonly T[], round: number): T[] {
  const start = round % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
