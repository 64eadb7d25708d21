import { createError } from "../errors.ts";
import { createKey } from "../values/key.ts";
import { reachValues } from "../values/path.ts";
import type { BsonDocument } from "../values/types.ts";

/** One entry of a document in an index. */
export interface IndexKey {
  /** Equal for equal values. */
  readonly text: string;
  readonly values: readonly unknown[];
}

/** An empty array has a key of its own, different from null's. */
const EMPTY_ARRAY = "u";

interface PathKeys {
  readonly isArray: boolean;
  readonly isMissing: boolean;
  readonly keys: readonly IndexKey[];
}

function readPathKeys(document: BsonDocument, path: string): PathKeys {
  const reached = reachValues(document, path);
  const keys = new Map<string, IndexKey>();
  for (const { value } of reached) {
    if (Array.isArray(value)) {
      if (value.length === 0) keys.set(EMPTY_ARRAY, { text: EMPTY_ARRAY, values: [undefined] });
      for (const item of value as unknown[])
        keys.set(createKey(item), { text: createKey(item), values: [item] });
    } else {
      keys.set(createKey(value), { text: createKey(value), values: [value ?? null] });
    }
  }
  if (keys.size === 0) keys.set("n", { text: "n", values: [null] });
  return {
    isArray: reached.some(({ value, element }) => element !== undefined || Array.isArray(value)),
    isMissing: reached.every(({ value }) => value === undefined),
    keys: [...keys.values()],
  };
}

/** How an index reads a document: `isMissing` when none of its fields exists (a sparse index then skips it). */
export function readIndexKeys(
  document: BsonDocument,
  paths: readonly string[],
): { readonly isMissing: boolean; readonly keys: readonly IndexKey[] } {
  const perPath = paths.map((path) => readPathKeys(document, path));
  const arrays = paths.filter((_, index) => perPath[index]?.isArray);
  const [first, second] = arrays;
  if (first !== undefined && second !== undefined && topField(first) !== topField(second)) {
    throw createError("CannotIndexParallelArrays", `cannot index parallel arrays [${second}] [${first}]`);
  }
  let keys: IndexKey[] = [{ text: "", values: [] }];
  for (const { keys: next } of perPath) {
    keys = keys.flatMap((key) =>
      next.map(({ text, values }) => ({
        text: joinKeys(key.text, text),
        values: [...key.values, ...values],
      })),
    );
  }
  return { isMissing: perPath.every(({ isMissing }) => isMissing), keys };
}

function topField(path: string): string {
  return path.split(".", 1)[0] ?? path;
}

/** Joins the keys of a compound index' fields into one. */
export function joinKeys(left: string, right: string): string {
  return `${left}|${right}`;
}
