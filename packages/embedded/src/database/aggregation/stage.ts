import type { Collection } from "../store/collection.ts";
import type { BsonDocument } from "../values/types.ts";
import type { EvaluationScope } from "./expressions.ts";

/** One stage, ready to run. */
export type Stage = (documents: readonly BsonDocument[]) => readonly BsonDocument[];

export interface StageScope extends EvaluationScope {
  /** Other collections of the database, for `$lookup`. */
  readonly collection: (name: string) => Collection;
}

/** Checks a stage's specification and returns the stage. Throws a DatabaseError. */
export type CreateStage = (specification: unknown, scope: StageScope) => Stage;
