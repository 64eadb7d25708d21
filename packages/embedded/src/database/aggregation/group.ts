import { createError, createLocationError } from "../errors.ts";
import { sortDocuments } from "../read/sort.ts";
import { createKey } from "../values/key.ts";
import { type BsonDocument, isDocument, isOperatorDocument } from "../values/types.ts";
import { type Accumulator, readAccumulator } from "./accumulators.ts";
import { createEvaluator, type EvaluationScope, type Evaluator } from "./expressions.ts";
import type { CreateStage, Stage } from "./stage.ts";

interface GroupField {
  readonly name: string;
  readonly accumulate: Accumulator;
  readonly evaluate: Evaluator;
}

function readField(name: string, specification: unknown, scope: EvaluationScope): GroupField {
  if (name.includes(".")) {
    throw createLocationError(40235, `The field name '${name}' cannot contain '.'`);
  }
  if (!isOperatorDocument(specification)) {
    throw createLocationError(40234, `The field '${name}' must be an accumulator object`);
  }
  const [operator, ...others] = Object.keys(specification);
  if (operator === undefined || others.length > 0) {
    throw createLocationError(40238, `The field '${name}' must specify one accumulator`);
  }
  if (operator === "$count") {
    return { name, accumulate: readAccumulator("$sum"), evaluate: () => 1 };
  }
  const evaluate = createEvaluator(specification[operator], scope);
  return { name, accumulate: readAccumulator(operator), evaluate };
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/group/ */
export const createGroupStage: CreateStage = (specification, scope) => {
  if (!isDocument(specification)) {
    throw createLocationError(15947, "a group's fields must be specified in an object");
  }
  if (!Object.hasOwn(specification, "_id")) {
    throw createLocationError(15955, "a group specification must include an _id");
  }
  const { _id: id, ...rest } = specification;
  const evaluateId = createEvaluator(id, scope);
  const fields = Object.entries(rest).map(([name, value]) => readField(name, value, scope));
  return (documents) => {
    const groups = new Map<string, { id: unknown; members: BsonDocument[] }>();
    for (const document of documents) {
      const groupId = evaluateId(document) ?? null;
      const key = createKey(groupId);
      const group = groups.get(key);
      if (group) group.members.push(document);
      else groups.set(key, { id: groupId, members: [document] });
    }
    return [...groups.values()].map(({ id: groupId, members }) => ({
      _id: groupId,
      ...Object.fromEntries(
        fields.map(({ name, accumulate, evaluate }) => [name, accumulate(members.map(evaluate))]),
      ),
    }));
  };
};

export const createSortByCountStage: CreateStage = (expression, scope) => {
  const group: Stage = createGroupStage({ _id: expression, count: { $sum: 1 } }, scope);
  return (documents) => sortDocuments([...group(documents)], { count: -1 });
};

/** A stage operand that has to be a document. */
export function readStageDocument(stage: string, specification: unknown): BsonDocument {
  if (isDocument(specification)) return specification;
  throw createError("FailedToParse", `the ${stage} specification must be an object`);
}
