import { createError, createLocationError, createUnsupportedError } from "../errors.ts";
import { createMatcher } from "../query/filter.ts";
import { sortDocuments } from "../read/sort.ts";
import { readNumber } from "../values/numbers.ts";
import { isDocument } from "../values/types.ts";
import {
  createProjectStage,
  createReplaceRootStage,
  createReplaceStage,
  createSetStage,
  createUnsetStage,
} from "./field-stages.ts";
import { createGroupStage, createSortByCountStage, readStageDocument } from "./group.ts";
import { createLookupStage } from "./lookup.ts";
import type { CreateStage, Stage, StageScope } from "./stage.ts";
import { createUnwindStage } from "./unwind.ts";

function readStageNumber(stage: string, operand: unknown, smallest: number): number {
  const number = Number(readNumber(operand) ?? Number.NaN);
  if (!Number.isSafeInteger(number)) {
    throw createLocationError(5107201, `invalid argument to ${stage} stage: Expected an integer`);
  }
  if (number < smallest) {
    throw stage === "$limit"
      ? createLocationError(15958, "the limit must be positive")
      : createLocationError(5107200, `invalid argument to ${stage} stage: Expected a non-negative number`);
  }
  return number;
}

const createCountStage: CreateStage = (name) => {
  if (typeof name !== "string" || name === "" || name.startsWith("$") || name.includes(".")) {
    throw createLocationError(40156, "the count field must be a non-empty string without '$' and '.'");
  }
  return (documents) => (documents.length === 0 ? [] : [{ [name]: documents.length }]);
};

const createMatchStage: CreateStage = (operand, scope) => {
  if (!isDocument(operand)) {
    throw createLocationError(15959, "the match filter must be an expression in an object");
  }
  const matches = createMatcher(operand, scope);
  return (documents) => documents.filter((document) => matches(document));
};

const createSortStage: CreateStage = (operand) => {
  const specification = readStageDocument("$sort", operand);
  if (Object.keys(specification).length === 0) {
    throw createLocationError(15976, "$sort stage must have at least one sort key");
  }
  sortDocuments([], specification);
  return (documents) => sortDocuments(documents, specification);
};

const STAGES: Readonly<Record<string, CreateStage>> = {
  $match: createMatchStage,
  $sort: createSortStage,
  $limit: (operand) => {
    const limit = readStageNumber("$limit", operand, 1);
    return (documents) => documents.slice(0, limit);
  },
  $skip: (operand) => {
    const skip = readStageNumber("$skip", operand, 0);
    return (documents) => documents.slice(skip);
  },
  $count: createCountStage,
  $project: createProjectStage,
  $set: createSetStage,
  $addFields: createSetStage,
  $unset: createUnsetStage,
  $group: createGroupStage,
  $sortByCount: createSortByCountStage,
  $unwind: createUnwindStage,
  $replaceRoot: createReplaceRootStage,
  $replaceWith: createReplaceStage,
  $lookup: createLookupStage,
};

const UNSUPPORTED = new Set(
  "$bucket $bucketAuto $changeStream $collStats $currentOp $densify $documents $facet $fill $geoNear $graphLookup $indexStats $listLocalSessions $listSessions $merge $out $planCacheStats $redact $sample $search $setWindowFields $unionWith".split(
    " ",
  ),
);

/** Checks one entry of a pipeline and makes it ready to run. Throws a DatabaseError. */
export function createStage(entry: unknown, scope: StageScope): Stage {
  if (!isDocument(entry)) {
    throw createError("TypeMismatch", "Each element of the 'pipeline' array must be an object");
  }
  const [name, ...others] = Object.keys(entry);
  if (name === undefined || others.length > 0) {
    throw createLocationError(40323, "A pipeline stage specification object must contain exactly one field.");
  }
  const create = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
  if (create) return create(entry[name], scope);
  if (UNSUPPORTED.has(name)) throw createUnsupportedError(`the aggregation stage ${name}`);
  throw createLocationError(40324, `Unrecognized pipeline stage name: '${name}'`);
}
