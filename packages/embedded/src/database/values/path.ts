import { isDocument, readField } from "./types.ts";

/** A value a dotted path reaches. `element` is the index in the outermost array that was walked through. */
export interface Reached {
  readonly value: unknown;
  readonly element: number | undefined;
}

const INDEX = /^(?:0|[1-9]\d*)$/;

export function isIndex(part: string): boolean {
  return INDEX.test(part);
}

/**
 * Every value that `path` reaches in `root`, arrays on the way fanned out as queries do: `a.b` reaches the `b`
 * of each document in the array `a`, `a.0` its first element. A missing field is reached as `undefined`.
 * Arrays at the very end are not fanned out.
 */
export function reachValues(root: unknown, path: string): Reached[] {
  if (!path.includes(".") && isDocument(root)) return [{ value: readField(root, path), element: undefined }];
  const reached: Reached[] = [];
  walk(root, path.split("."), 0, undefined, reached);
  return reached;
}

function walk(
  value: unknown,
  parts: readonly string[],
  depth: number,
  element: number | undefined,
  reached: Reached[],
): void {
  const part = parts[depth];
  if (part === undefined) {
    reached.push({ value, element });
    return;
  }
  if (Array.isArray(value)) {
    walkArray(value, parts, depth, element, reached);
    return;
  }
  if (isDocument(value)) walk(readField(value, part), parts, depth + 1, element, reached);
  else reached.push({ value: undefined, element });
}

function walkArray(
  array: readonly unknown[],
  parts: readonly string[],
  depth: number,
  element: number | undefined,
  reached: Reached[],
): void {
  const part = parts[depth] ?? "";
  if (isIndex(part) && Number(part) < array.length) {
    walk(array[Number(part)], parts, depth + 1, element, reached);
  }
  for (const [index, item] of array.entries()) {
    if (isDocument(item) && !(isIndex(part) && !Object.hasOwn(item, part))) {
      walk(item, parts, depth, element ?? index, reached);
    }
  }
}

/** Like {@link reachValues}, and an array at the end gives each of its elements and then itself. */
export function reachLeaves(root: unknown, path: string): Reached[] {
  const leaves: Reached[] = [];
  for (const { value, element } of reachValues(root, path)) {
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) leaves.push({ value: item, element: element ?? index });
    }
    leaves.push({ value, element });
  }
  return leaves;
}
