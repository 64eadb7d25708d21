import { createError, createLocationError, createUnsupportedError } from "../errors.ts";
import { compareValues } from "../values/compare.ts";
import { readNumber } from "../values/numbers.ts";
import { reachValues } from "../values/path.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";

type Direction = 1 | -1;

function readDirection(value: unknown, path: string): Direction {
  if (isDocument(value)) throw createUnsupportedError(`sorting by an expression (${path})`);
  const number = Number(readNumber(value) ?? Number.NaN);
  if (number === 1) return 1;
  if (number === -1) return -1;
  throw createLocationError(15975, `$sort key ordering must be 1 (for ascending) or -1 (for descending)`);
}

/** An array sorts by its smallest element ascending, by its largest descending; an empty one before null. */
function readSortValue(document: BsonDocument, path: string, direction: Direction): unknown {
  const candidates = reachValues(document, path).flatMap(({ value }) => {
    if (!Array.isArray(value)) return [value ?? null];
    return value.length === 0 ? [undefined] : (value as unknown[]);
  });
  if (candidates.length === 0) return null;
  return candidates.reduce((best, value) => (compareValues(value, best) * direction < 0 ? value : best));
}

/** Which element of the one array would belong to which of the other? MongoDB refuses to guess. */
function checkParallelArrays(
  document: BsonDocument,
  keys: readonly (readonly [path: string, Direction])[],
): void {
  const arrays = new Set(
    keys.flatMap(([path]) => {
      const isArray = reachValues(document, path).some(
        ({ value, element }) => element !== undefined || Array.isArray(value),
      );
      return isArray ? [path.split(".", 1)[0]] : [];
    }),
  );
  if (arrays.size > 1) throw createError("BadValue", "cannot sort with keys that are parallel arrays");
}

/** A sorted copy; stable, so that equal keys keep their insertion order. Throws a DatabaseError for a bad specification. */
export function sortDocuments(
  documents: readonly BsonDocument[],
  specification: BsonDocument,
): BsonDocument[] {
  const keys = Object.entries(specification).map(
    ([path, value]) => [path, path === "$natural" ? 1 : readDirection(value, path)] as const,
  );
  if (keys.length === 0) return [...documents];
  if (keys.some(([path]) => path === "$natural")) return sortNaturally(documents, specification);
  if (keys.length > 1) for (const document of documents) checkParallelArrays(document, keys);
  const decorated = documents.map((document) => ({
    document,
    values: keys.map(([path, direction]) => readSortValue(document, path, direction)),
  }));
  decorated.sort((left, right) => {
    for (const [index, [, direction]] of keys.entries()) {
      const order = compareValues(left.values[index], right.values[index]);
      if (order !== 0) return order * direction;
    }
    return 0;
  });
  return decorated.map(({ document }) => document);
}

function sortNaturally(documents: readonly BsonDocument[], specification: BsonDocument): BsonDocument[] {
  if (Object.keys(specification).length > 1) {
    throw createError("BadValue", "Cannot include '$natural' in compound sort");
  }
  const direction = readDirection(specification["$natural"], "$natural");
  return direction === 1 ? [...documents] : documents.toReversed();
}
