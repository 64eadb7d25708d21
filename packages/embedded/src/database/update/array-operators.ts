import type { EvaluationScope } from "../aggregation/expressions.ts";
import { BSONRegExp } from "bson";
import { createError } from "../errors.ts";
import { createFieldCondition } from "../query/conditions.ts";
import { createElementTest } from "../query/elem-match.ts";
import { createMatcher } from "../query/filter.ts";
import { sortDocuments } from "../read/sort.ts";
import { cloneValue } from "../values/clone.ts";
import { compareValues, isSameValue } from "../values/compare.ts";
import { formatValue } from "../values/format.ts";
import { readNumber, readWholeOperand } from "../values/numbers.ts";
import { isDocument, isOperatorDocument, typeOf } from "../values/types.ts";
import type { ApplyOperator, Place } from "./field-operators.ts";
import { readAt, writeAt } from "./paths.ts";

function readEach(operand: unknown, operator: string, modifiers: readonly string[]): unknown[] {
  if (!isDocument(operand) || !Object.hasOwn(operand, "$each")) return [operand];
  const unknown = Object.keys(operand).find((name) => name !== "$each" && !modifiers.includes(name));
  if (unknown !== undefined) {
    throw createError("BadValue", `Unrecognized clause in ${operator}: ${unknown}`);
  }
  const each = operand["$each"];
  if (!Array.isArray(each)) {
    throw createError(
      "TypeMismatch",
      `The argument to $each in ${operator} must be an array but it was of type: ${typeOf(each)}`,
    );
  }
  return each;
}

function readModifier(operand: unknown, name: string): unknown {
  return isDocument(operand) && Object.hasOwn(operand, "$each") ? operand[name] : undefined;
}

function applyPush(place: Place, operand: unknown): void {
  const current = readAt(place.root, place.parts);
  if (current !== undefined && !Array.isArray(current)) {
    throw createError(
      "BadValue",
      `The field '${place.parts.join(".")}' must be an array but is of type ${typeOf(current)} in document {_id: ${formatValue(place.root["_id"])}}`,
    );
  }
  const added = readEach(operand, "$push", ["$position", "$slice", "$sort"]).map(cloneValue);
  const array: unknown[] = current ? [...(current as unknown[])] : [];
  const position = readModifier(operand, "$position");
  const at = position === undefined ? array.length : readWholeOperand(position, "$position");
  array.splice(at, 0, ...added);
  const sorted = sortArray(array, readModifier(operand, "$sort"));
  writeAt(place.root, place.parts, sliceArray(sorted, readModifier(operand, "$slice")));
}

function sortArray(array: readonly unknown[], sort: unknown): readonly unknown[] {
  if (sort === undefined) return array;
  if (isDocument(sort)) {
    if (Object.keys(sort).length === 0) {
      throw createError("BadValue", "The $sort pattern is empty when it should be a set of fields.");
    }
    const holders = array.map((item) => ({ item }));
    const prefixed = Object.fromEntries(Object.entries(sort).map(([path, value]) => [`item.${path}`, value]));
    return sortDocuments(holders, prefixed).map(({ item }) => item);
  }
  const direction = Number(readNumber(sort) ?? 0);
  if (direction !== 1 && direction !== -1) {
    throw createError("BadValue", "The $sort element value must be either 1 or -1");
  }
  return array.toSorted((left, right) => compareValues(left, right) * direction);
}

function sliceArray(array: readonly unknown[], slice: unknown): readonly unknown[] {
  if (slice === undefined) return array;
  const limit = readWholeOperand(slice, "$slice");
  if (limit === 0) return [];
  return limit < 0 ? array.slice(limit) : array.slice(0, limit);
}

function applyAddToSet(place: Place, operand: unknown): void {
  const current = readAt(place.root, place.parts);
  if (current !== undefined && !Array.isArray(current)) {
    throw createError(
      "BadValue",
      `Cannot apply $addToSet to non-array field. Field named '${place.parts.at(-1)}' has non-array type ${typeOf(current)}`,
    );
  }
  const array: unknown[] = current ? [...(current as unknown[])] : [];
  for (const item of readEach(operand, "$addToSet", [])) {
    if (!array.some((existing) => isSameValue(existing, item))) array.push(cloneValue(item));
  }
  writeAt(place.root, place.parts, array);
}

/** Replaces the array by the elements that stay; a missing field stays missing. */
function filterArray(place: Place, operator: string, stays: (item: unknown) => boolean): void {
  const current = readAt(place.root, place.parts);
  if (current === undefined) return;
  if (!Array.isArray(current)) {
    throw createError("BadValue", `Cannot apply ${operator} to a non-array value`);
  }
  writeAt(place.root, place.parts, current.filter(stays));
}

function createPullTest(operand: unknown, scope: EvaluationScope): (item: unknown) => boolean {
  if (isOperatorDocument(operand) || operand instanceof BSONRegExp) {
    const condition = isDocument(operand) ? operand : { $in: [operand] };
    return createElementTest(condition, (filter) => createMatcher(filter, scope), createFieldCondition);
  }
  if (!isDocument(operand)) return (item) => isSameValue(item, operand);
  const matches = createMatcher(operand, scope);
  return (item) => isDocument(item) && matches(item);
}

function applyPullAll(place: Place, operand: unknown): void {
  if (!Array.isArray(operand)) {
    throw createError("BadValue", `$pullAll requires an array argument but was given a ${typeOf(operand)}`);
  }
  filterArray(place, "$pullAll", (item) => !operand.some((unwanted) => isSameValue(item, unwanted)));
}

function applyPop(place: Place, operand: unknown): void {
  const end = Number(readNumber(operand) ?? 0);
  if (end !== 1 && end !== -1) {
    throw createError("FailedToParse", `$pop expects 1 or -1, found: ${formatValue(operand)}`);
  }
  const current = readAt(place.root, place.parts);
  if (current === undefined) return;
  if (!Array.isArray(current)) {
    throw createError(
      "TypeMismatch",
      `Path '${place.parts.join(".")}' contains an element of non-array type '${typeOf(current)}'`,
    );
  }
  writeAt(place.root, place.parts, end === 1 ? current.slice(0, -1) : current.slice(1));
}

export function createArrayOperators(scope: EvaluationScope): Readonly<Record<string, ApplyOperator>> {
  return {
    $push: applyPush,
    $addToSet: applyAddToSet,
    $pull: (place, operand) => {
      const unwanted = createPullTest(operand, scope);
      filterArray(place, "$pull", (item) => !unwanted(item));
    },
    $pullAll: applyPullAll,
    $pop: applyPop,
  };
}
