import type { CollectionIndex } from "../store/collection-index.ts";
import type { Collection } from "../store/collection.ts";
import { joinKeys } from "../store/index-keys.ts";
import { createKey } from "../values/key.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";
import { type Constraint, readConstraints } from "./constraints.ts";

/** More look-ups than this are no faster than reading everything. */
const MAX_LOOK_UPS = 1000;

/**
 * The documents a filter can match at most: by `_id`, by equality on every field of an index, or the members of a
 * partial or sparse index that the filter stays inside of; otherwise all. In order of insertion only when all.
 */
export function readCandidates(collection: Collection, filter: BsonDocument): Iterable<BsonDocument> {
  const constraints = readConstraints(filter);
  if (constraints.size === 0) return collection.documents();
  const usable = collection.indexes.filter((index) => isInside(index, constraints));
  for (const index of usable) {
    const keys = readLookUps(index, constraints);
    if (keys) return fetch(collection, new Set(keys.flatMap((key) => [...index.lookUp(key)])));
  }
  const small = usable.find(
    ({ specification }) => specification.sparse || specification.partialFilterExpression,
  );
  return small ? fetch(collection, small.members()) : collection.documents();
}

function* fetch(collection: Collection, ids: Iterable<string>): Iterable<BsonDocument> {
  for (const id of ids) {
    const document = collection.get(id);
    if (document) yield document;
  }
}

/** Undefined unless the filter gives values for all fields of the index. */
function readLookUps(
  index: CollectionIndex,
  constraints: ReadonlyMap<string, Constraint>,
): readonly string[] | undefined {
  let keys = [""];
  for (const path of index.paths) {
    const equals = constraints.get(path)?.equals;
    if (!equals || keys.length * equals.length > MAX_LOOK_UPS) return undefined;
    keys = keys.flatMap((key) => equals.map((value) => joinKeys(key, createKey(value))));
  }
  return keys;
}

/** True when every match of the filter is in the index. */
function isInside(index: CollectionIndex, constraints: ReadonlyMap<string, Constraint>): boolean {
  const { sparse, partialFilterExpression } = index.specification;
  const isPresent = (path: string): boolean => constraints.get(path)?.isPresent === true;
  if (sparse) return index.paths.some(isPresent);
  if (!partialFilterExpression) return true;
  return Object.entries(partialFilterExpression).every(
    ([path, condition]) => isExistsOnly(condition) && isPresent(path),
  );
}

/** `{ $exists: true }` is the one partial filter that is understood; others are searched in full. */
function isExistsOnly(condition: unknown): boolean {
  return isDocument(condition) && Object.keys(condition).length === 1 && condition["$exists"] === true;
}
