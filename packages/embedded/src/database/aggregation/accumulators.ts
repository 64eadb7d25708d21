import { createLocationError, createUnsupportedError } from "../errors.ts";
import { compareValues, isNullish } from "../values/compare.ts";
import { createKey } from "../values/key.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";

/** From the values of one group (missing ones are undefined) to the result. */
export type Accumulator = (values: readonly unknown[]) => unknown;

function numbers(values: readonly unknown[]): number[] {
  return values.filter((value) => typeof value === "number");
}

function sum(values: readonly unknown[]): number {
  return numbers(values).reduce((total, value) => total + value, 0);
}

function average(values: readonly unknown[]): number | null {
  const counted = numbers(values);
  return counted.length === 0 ? null : sum(counted) / counted.length;
}

/** Null and missing values do not count; null when nothing else is there. */
function extreme(sign: 1 | -1): Accumulator {
  return (values) => {
    const counted = values.filter((value) => !isNullish(value));
    if (counted.length === 0) return null;
    return counted.reduce((best, value) => (compareValues(value, best) * sign > 0 ? value : best));
  };
}

function unique(values: readonly unknown[]): unknown[] {
  const byKey = new Map<string, unknown>();
  for (const value of values) {
    const key = createKey(value);
    if (value !== undefined && !byKey.has(key)) byKey.set(key, value);
  }
  return [...byKey.values()];
}

/** Null and missing count as empty; anything else but a document is an error. */
export function mergeDocuments(values: readonly unknown[]): BsonDocument {
  const documents = values.filter((value) => !isNullish(value));
  if (!documents.every(isDocument)) {
    throw createLocationError(40400, "$mergeObjects requires object inputs");
  }
  return Object.fromEntries(documents.flatMap((document) => Object.entries(document)));
}

const ACCUMULATORS: Readonly<Record<string, Accumulator>> = {
  $sum: sum,
  $avg: average,
  $min: extreme(-1),
  $max: extreme(1),
  $first: (values) => values[0] ?? null,
  $last: (values) => values.at(-1) ?? null,
  $push: (values) => values.filter((value) => value !== undefined),
  $addToSet: unique,
  $mergeObjects: mergeDocuments,
};

const UNSUPPORTED = new Set(
  "$accumulator $bottom $bottomN $firstN $lastN $maxN $median $minN $percentile $stdDevPop $stdDevSamp $top $topN".split(
    " ",
  ),
);

export function readAccumulator(name: string): Accumulator {
  const accumulator = Object.hasOwn(ACCUMULATORS, name) ? ACCUMULATORS[name] : undefined;
  if (accumulator) return accumulator;
  if (UNSUPPORTED.has(name)) throw createUnsupportedError(`the accumulator ${name}`);
  throw createLocationError(15952, `unknown group operator '${name}'`);
}
