import { findMatches } from "../read/match.ts";
import type { Collection } from "../store/collection.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";
import type { StageScope } from "./stage.ts";
import { createStage } from "./stages.ts";

/** Runs a pipeline over a collection; a `$match` in front uses its indexes. All stages are checked first. */
export function runPipeline(
  collection: Collection,
  pipeline: readonly unknown[],
  scope: StageScope,
): readonly BsonDocument[] {
  const stages = pipeline.map((entry) => createStage(entry, scope));
  const [first] = pipeline;
  const filter = isDocument(first) && isDocument(first["$match"]) ? first["$match"] : undefined;
  const start = filter
    ? findMatches(collection, filter, scope).map(({ document }) => document)
    : [...collection.documents()];
  return stages
    .slice(filter ? 1 : 0)
    .reduce<readonly BsonDocument[]>((documents, stage) => stage(documents), start);
}
