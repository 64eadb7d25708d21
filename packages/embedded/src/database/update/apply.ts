import { formatValue } from "../values/format.ts";
import { ObjectId } from "bson";
import type { EvaluationScope } from "../aggregation/expressions.ts";
import { createUpdatePipeline } from "../aggregation/update-pipeline.ts";
import { createError } from "../errors.ts";
import { findMatches, type Match } from "../read/match.ts";
import type { Collection } from "../store/collection.ts";
import { createKey } from "../values/key.ts";
import type { BsonDocument } from "../values/types.ts";
import { writeDocument } from "../wire/documents.ts";
import { type ApplyUpdate, createOperatorUpdate } from "./operators.ts";
import { readUpdate, type Update } from "./update.ts";
import { createUpsertSeed } from "./upsert.ts";

export interface UpdateRequest {
  readonly filter: BsonDocument;
  readonly update: unknown;
  readonly isMulti: boolean;
  readonly isUpsert: boolean;
  readonly arrayFilters: readonly unknown[];
  readonly sort?: BsonDocument | undefined;
}

export interface UpdateOutcome {
  readonly matched: number;
  readonly modified: number;
  /** The new document of an upsert. */
  readonly inserted: BsonDocument | undefined;
  /** The last document that matched, before and after. */
  readonly before: BsonDocument | undefined;
  readonly after: BsonDocument | undefined;
}

/** Finds, changes and stores. Throws a DatabaseError; documents changed before it stay changed, as in MongoDB. */
export function applyUpdate(
  collection: Collection,
  request: UpdateRequest,
  scope: EvaluationScope,
): UpdateOutcome {
  const update = readUpdate(request.update);
  if (request.isMulti && update.kind === "replacement") {
    throw createError("FailedToParse", "multi update is not supported for replacement-style update");
  }
  const apply = createUpdate(update, request.arrayFilters, scope);
  const { filter, sort } = request;
  const matches = findMatches(collection, filter, scope, { sort, limit: request.isMulti ? 0 : 1 });
  if (matches.length === 0 && request.isUpsert) return insertUpserted(collection, filter, update, apply);
  return changeMatches(collection, matches, apply);
}

function createUpdate(update: Update, arrayFilters: readonly unknown[], scope: EvaluationScope): ApplyUpdate {
  if (update.kind === "operators") return createOperatorUpdate(update.operators, arrayFilters, scope);
  if (arrayFilters.length > 0) {
    throw createError("FailedToParse", "arrayFilters may not be specified for this kind of update");
  }
  if (update.kind === "pipeline") {
    const run = createUpdatePipeline(update.stages, { ...scope, exactNumbers: true });
    return (document) => keepId(document, run(document));
  }
  return (document) => keepId(document, update.document);
}

/** A replacement or a pipeline may leave `_id` out but not change it. */
function keepId(previous: BsonDocument, next: BsonDocument): BsonDocument {
  if (!Object.hasOwn(previous, "_id")) return { ...next };
  if (Object.hasOwn(next, "_id") && createKey(next["_id"]) !== createKey(previous["_id"])) {
    throw createError(
      "ImmutableField",
      `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${formatValue(next["_id"])}`,
    );
  }
  return { ...next, _id: previous["_id"] };
}

function changeMatches(collection: Collection, matches: readonly Match[], apply: ApplyUpdate): UpdateOutcome {
  let modified = 0;
  let before: BsonDocument | undefined;
  let after: BsonDocument | undefined;
  for (const { document, element } of matches) {
    const next = withIdFirst(apply(document, { element, isInsert: false }));
    before = document;
    after = document;
    if (isSameDocument(document, next)) continue;
    collection.replace(document, next);
    modified += 1;
    after = next;
  }
  return { matched: matches.length, modified, inserted: undefined, before, after };
}

function withIdFirst(document: BsonDocument): BsonDocument {
  return Object.hasOwn(document, "_id") ? { _id: document["_id"], ...document } : document;
}

/** Same bytes: a change of the number type or of the field order is a change. */
function isSameDocument(left: BsonDocument, right: BsonDocument): boolean {
  return Buffer.compare(writeDocument(left), writeDocument(right)) === 0;
}

function insertUpserted(
  collection: Collection,
  filter: BsonDocument,
  update: Update,
  apply: ApplyUpdate,
): UpdateOutcome {
  const seed = createUpsertSeed(filter);
  const start = update.kind === "replacement" ? pickId(seed) : seed;
  const next = apply(start, { element: undefined, isInsert: true });
  if (Object.hasOwn(start, "_id") && createKey(next["_id"]) !== createKey(start["_id"])) {
    throw createError(
      "ImmutableField",
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
  const inserted = collection.insert(Object.hasOwn(next, "_id") ? next : { _id: new ObjectId(), ...next });
  return { matched: 0, modified: 0, inserted, before: undefined, after: inserted };
}

function pickId(seed: BsonDocument): BsonDocument {
  return Object.hasOwn(seed, "_id") ? { _id: seed["_id"] } : {};
}
