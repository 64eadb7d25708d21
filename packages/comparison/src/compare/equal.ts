/** Whether two JSON values are the same; the order of keys does not matter. `undefined` is a value of its own. */
export function isEqual(a: unknown, b: unknown): boolean {
  // Values of attributes: nested no deeper than receivers allow.
  if (Object.is(a, b)) return true;
  // Minus zero is zero in JSON.
  if (a === 0 && b === 0) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, i) => isEqual(item, b[i]))
    );
  }
  const keysOfA = Object.keys(a);
  const fieldsOfB = b as Record<string, unknown>;
  return (
    keysOfA.length === Object.keys(b).length &&
    keysOfA.every(
      (key) => Object.hasOwn(b, key) && isEqual((a as Record<string, unknown>)[key], fieldsOfB[key]),
    )
  );
}

/** `constructor` is a key only where somebody set it. */
export function readOwn<T>(values: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}
