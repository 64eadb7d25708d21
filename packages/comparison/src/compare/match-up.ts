export interface MatchedUp<T> {
  pairs: { rich: T; poor: T }[];
  richOnly: T[];
  poorOnly: T[];
}

/**
 * Finds partners between two lists of things without ids. Each of `keysOf` is one round, the strictest first: things of one
 * key become partners in the order in which they stand; who finds nobody goes into the next round.
 */
export function matchUp<T>(
  rich: readonly T[],
  poor: readonly T[],
  keysOf: readonly ((item: T) => string)[],
): MatchedUp<T> {
  const pairs: { rich: T; poor: T }[] = [];
  let richOnly = [...rich];
  let poorOnly = [...poor];
  for (const keyOf of keysOf) {
    if (richOnly.length === 0 || poorOnly.length === 0) break;
    const waiting = Map.groupBy(poorOnly, keyOf);
    for (const list of waiting.values()) list.reverse();
    const unmatched: T[] = [];
    for (const item of richOnly) {
      const partner = waiting.get(keyOf(item))?.pop();
      if (partner === undefined) unmatched.push(item);
      else pairs.push({ rich: item, poor: partner });
    }
    richOnly = unmatched;
    poorOnly = [...waiting.values()].flatMap((list) => list.toReversed());
  }
  return { pairs, richOnly, poorOnly };
}
