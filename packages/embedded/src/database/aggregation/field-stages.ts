import { createError, createLocationError } from "../errors.ts";
import { createProjection } from "../read/projection.ts";
import { setComputed } from "../read/set-computed.ts";
import { type BsonDocument, isDocument, isOperatorDocument, typeOf } from "../values/types.ts";
import { createEvaluator, type EvaluationScope, type Evaluator } from "./expressions.ts";
import { readStageDocument } from "./group.ts";
import type { CreateStage } from "./stage.ts";

interface Assignment {
  readonly parts: readonly string[];
  readonly evaluate: Evaluator;
}

function readAssignments(
  document: BsonDocument,
  prefix: readonly string[],
  scope: EvaluationScope,
): Assignment[] {
  return Object.entries(document).flatMap(([name, value]) => {
    const parts = [...prefix, ...name.split(".")];
    if (parts.some((part) => part === "" || part.startsWith("$"))) {
      throw createLocationError(16410, `FieldPath field names may not be empty or start with '$': ${name}`);
    }
    if (isDocument(value) && !isOperatorDocument(value) && Object.keys(value).length > 0) {
      return readAssignments(value, parts, scope);
    }
    return [{ parts, evaluate: createEvaluator(value, scope) }];
  });
}

/** `$addFields`, also called `$set`: every expression sees the document as it came in. */
export const createSetStage: CreateStage = (operand, scope) => {
  const assignments = readAssignments(readStageDocument("$addFields", operand), [], scope);
  return (documents) =>
    documents.map((document) =>
      assignments.reduce<BsonDocument>(
        (result, { parts, evaluate }) => setComputed(result, parts, evaluate(document)) as BsonDocument,
        document,
      ),
    );
};

export const createUnsetStage: CreateStage = (operand, scope) => {
  const paths: unknown[] = Array.isArray(operand) ? operand : [operand];
  if (paths.length === 0 || !paths.every((path) => typeof path === "string")) {
    throw createLocationError(
      31002,
      "$unset specification must be a string or an array with at least one field",
    );
  }
  const project = createProjection(Object.fromEntries(paths.map((path) => [path, 0])), "aggregate", scope);
  return (documents) => documents.map((document) => project(document));
};

export const createProjectStage: CreateStage = (operand, scope) => {
  const specification = readStageDocument("$project", operand);
  if (Object.keys(specification).length === 0) {
    throw createLocationError(51272, "projection specification must have at least one field");
  }
  const project = createProjection(specification, "aggregate", scope);
  return (documents) => documents.map((document) => project(document));
};

/** `$replaceWith: expression` and `$replaceRoot: { newRoot: expression }`. */
export const createReplaceStage: CreateStage = (expression, scope) => {
  const evaluate = createEvaluator(expression, scope);
  return (documents) =>
    documents.map((document) => {
      const replaced = evaluate(document);
      if (isDocument(replaced)) return replaced;
      throw createLocationError(
        40228,
        `'newRoot' expression must evaluate to an object, but resulting value was of type: ${typeOf(replaced)}`,
      );
    });
};

export const createReplaceRootStage: CreateStage = (operand, scope) => {
  const specification = readStageDocument("$replaceRoot", operand);
  if (!Object.hasOwn(specification, "newRoot") || Object.keys(specification).length > 1) {
    throw createError("FailedToParse", "$replaceRoot needs the field 'newRoot' and no other");
  }
  return createReplaceStage(specification["newRoot"], scope);
};
