import type { EvaluationScope } from "../aggregation/expressions.ts";
import { createError } from "../errors.ts";
import { readCandidates } from "../query/candidates.ts";
import { createMatcher } from "../query/filter.ts";
import type { MatchDetails } from "../query/matcher.ts";
import type { Collection } from "../store/collection.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";
import { sortDocuments } from "./sort.ts";

export interface Match {
  readonly document: BsonDocument;
  /** Index of the array element that matched, for the positional operator. */
  readonly element: number | undefined;
}

export interface MatchOptions {
  readonly sort?: BsonDocument | undefined;
  readonly skip?: number;
  /** 0 means no limit. */
  readonly limit?: number;
}

/** The matching documents, sorted and cut as asked. */
export function findMatches(
  collection: Collection,
  filter: BsonDocument,
  scope: EvaluationScope,
  options: MatchOptions = {},
): Match[] {
  const matches = createMatcher(filter, scope);
  const { sort, skip = 0, limit = 0 } = options;
  const isSorted = sort !== undefined && Object.keys(sort).length > 0;
  const enough = isSorted || limit === 0 ? Infinity : skip + limit;
  const found: Match[] = [];
  const isNatural = sort !== undefined && Object.hasOwn(sort, "$natural");
  for (const document of isNatural ? collection.documents() : readCandidates(collection, filter)) {
    const details: MatchDetails = {};
    if (!matches(document, details)) continue;
    found.push({ document, element: details.element });
    if (found.length >= enough) break;
  }
  const ordered = isSorted ? sortMatches(found, sort) : found;
  return ordered.slice(skip, limit === 0 ? undefined : skip + limit);
}

function sortMatches(found: readonly Match[], sort: BsonDocument): Match[] {
  const byDocument = new Map(found.map((match) => [match.document, match]));
  return sortDocuments([...byDocument.keys()], sort).flatMap((document) => byDocument.get(document) ?? []);
}

/** A filter out of a command field; absent means everything. */
export function readFilter(value: unknown, field: string): BsonDocument {
  if (value === undefined || value === null) return {};
  if (isDocument(value)) return value;
  throw createError("TypeMismatch", `BSON field '${field}' is the wrong type, expected type 'object'`);
}

/** Like {@link readFilter} for an optional document (sort, projection); an empty one counts as absent. */
export function readOptionalDocument(value: unknown, field: string): BsonDocument | undefined {
  const document = readFilter(value, field);
  return Object.keys(document).length === 0 ? undefined : document;
}
