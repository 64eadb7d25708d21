/**
 * Where two observations differ: paths like `[0].text`, the whole value as `(whole)`.
 * Values of different kinds, and lists of different lengths, differ as a whole.
 */
export function findDifferences(one: unknown, other: unknown, path = ""): string[] {
  if (Object.is(one, other)) return [];
  const here = [path === "" ? "(whole)" : path];
  if (Array.isArray(one) && Array.isArray(other)) {
    if (one.length !== other.length) return here;
    return one.flatMap((item, at) => findDifferences(item, other[at], `${path}[${at}]`));
  }
  if (!isRecord(one) || !isRecord(other)) return here;
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return keys.flatMap((key) => findDifferences(one[key], other[key], path === "" ? key : `${path}.${key}`));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
