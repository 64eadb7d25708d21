import { createError, createLocationError } from "../errors.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";
import type { EvaluationScope } from "./expressions.ts";
import {
  createProjectStage,
  createReplaceRootStage,
  createReplaceStage,
  createSetStage,
  createUnsetStage,
} from "./field-stages.ts";
import type { CreateStage, StageScope } from "./stage.ts";

/** https://www.mongodb.com/docs/manual/tutorial/update-documents-with-aggregation-pipeline/ */
const STAGES: Readonly<Record<string, CreateStage>> = {
  $set: createSetStage,
  $addFields: createSetStage,
  $unset: createUnsetStage,
  $project: createProjectStage,
  $replaceRoot: createReplaceRootStage,
  $replaceWith: createReplaceStage,
};

/** An update given as a pipeline, as a function of one document. */
export function createUpdatePipeline(
  pipeline: readonly unknown[],
  scope: EvaluationScope,
): (document: BsonDocument) => BsonDocument {
  const stageScope: StageScope = {
    ...scope,
    collection: () => {
      throw new TypeError("update pipelines read no other collection");
    },
  };
  const stages = pipeline.map((entry) => {
    const [name, ...others] = isDocument(entry) ? Object.keys(entry) : [];
    if (!isDocument(entry) || name === undefined || others.length > 0) {
      throw createLocationError(
        40323,
        "A pipeline stage specification object must contain exactly one field.",
      );
    }
    const create = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
    if (!create) throw createError("InvalidOptions", `${name} is not allowed to be used within an update`);
    return create(entry[name], stageScope);
  });
  return (document) => {
    const [result] = stages.reduce<readonly BsonDocument[]>(
      (documents, stage) => stage(documents),
      [document],
    );
    return result ?? document;
  };
}
