import { evalExpr } from "mingo/core";
import * as mingo from "mingo/operators/expression";
import { createLocationError, createUnsupportedError } from "../errors.ts";
import { compareValues, isNullish, isSameValue } from "../values/compare.ts";
import { typeOf } from "../values/types.ts";
import { type Accumulator, mergeDocuments, readAccumulator } from "./accumulators.ts";

/** mingo's signature of an expression operator. */
export type Operator = (object: never, expression: never, options: never) => unknown;

function withOperands(
  name: string,
  count: number,
  decide: (operands: readonly unknown[]) => unknown,
): Operator {
  return (object, expression, options) => {
    const value: unknown = evalExpr(object, expression, options);
    const operands: readonly unknown[] = Array.isArray(value) && Array.isArray(expression) ? value : [value];
    if (operands.length !== count) {
      throw createLocationError(
        16020,
        `Expression ${name} takes exactly ${count} arguments. ${operands.length} were passed in.`,
      );
    }
    return decide(operands);
  };
}

/** mingo's own comparisons look into arrays and never compare two types; MongoDB's use the BSON order. */
function compareWith(name: string, decide: (order: number) => unknown): Operator {
  return withOperands(name, 2, ([left, right]) => decide(compareValues(left, right)));
}

/** Over the elements of one array, or over several operands. */
function accumulateWith(accumulate: Accumulator): Operator {
  return (object, expression, options) => {
    const value: unknown = evalExpr(object, expression, options);
    const only: unknown =
      Array.isArray(expression) && Array.isArray(value) && value.length === 1 ? value[0] : value;
    return accumulate(Array.isArray(only) ? only : [only]);
  };
}

function calculateRemainder([left, right]: readonly unknown[]): unknown {
  if (isNullish(left) || isNullish(right)) return null;
  if (typeof left !== "number" || typeof right !== "number") {
    throw createLocationError(
      16611,
      `$mod only supports numeric types, not ${typeOf(left)} and ${typeOf(right)}`,
    );
  }
  if (right === 0) throw createLocationError(16610, "can't $mod by zero");
  return left % right;
}

function countElements([array]: readonly unknown[]): number {
  if (Array.isArray(array)) return array.length;
  throw createLocationError(
    17124,
    `The argument to $size must be an array, but was of type: ${typeOf(array)}`,
  );
}

function isMember([value, array]: readonly unknown[]): boolean {
  if (Array.isArray(array)) return array.some((item) => isSameValue(item, value));
  throw createLocationError(40081, `$in requires an array as a second argument, found: ${typeOf(array)}`);
}

/** Where mingo differs from MongoDB's documentation. */
export const OWN_OPERATORS: Readonly<Record<string, Operator>> = {
  $eq: compareWith("$eq", (order) => order === 0),
  $ne: compareWith("$ne", (order) => order !== 0),
  $gt: compareWith("$gt", (order) => order > 0),
  $gte: compareWith("$gte", (order) => order >= 0),
  $lt: compareWith("$lt", (order) => order < 0),
  $lte: compareWith("$lte", (order) => order <= 0),
  $cmp: compareWith("$cmp", (order) => order),
  $in: withOperands("$in", 2, isMember),
  $mod: withOperands("$mod", 2, calculateRemainder),
  $size: withOperands("$size", 1, countElements),
  $mergeObjects: accumulateWith(mergeDocuments),
  $sum: accumulateWith(readAccumulator("$sum")),
  $avg: accumulateWith(readAccumulator("$avg")),
  $min: accumulateWith(readAccumulator("$min")),
  $max: accumulateWith(readAccumulator("$max")),
};

/**
 * A JavaScript number does not know whether MongoDB would call a result int32, int64 or double. Where results are
 * stored, arithmetic is therefore done with int32 numbers (and dates) only.
 */
function onlyInt32(name: string, operator: Operator): Operator {
  return (object, expression, options) => {
    const operands: unknown = evalExpr(object, expression, options);
    const result: unknown = operator(object, expression, options);
    const values: unknown[] = [...(Array.isArray(operands) ? operands : [operands]), result];
    if (values.some((value) => typeof value === "number" && typeOf(value) !== "int")) {
      throw createUnsupportedError(`${name} in an update pipeline with other numbers than int32`);
    }
    return result;
  };
}

/** For update pipelines. */
export const EXACT_OPERATORS: Readonly<Record<string, Operator>> = {
  $add: onlyInt32("$add", mingo.$add),
  $subtract: onlyInt32("$subtract", mingo.$subtract),
  $multiply: onlyInt32("$multiply", mingo.$multiply),
  $mod: onlyInt32("$mod", withOperands("$mod", 2, calculateRemainder)),
  $abs: onlyInt32("$abs", mingo.$abs),
  $sum: onlyInt32("$sum", accumulateWith(readAccumulator("$sum"))),
};

/** Their results are often doubles that look like int32 numbers. */
export const INEXACT_NAMES: ReadonlySet<string> = new Set(
  "$divide $exp $pow $sqrt $round $trunc $ceil $floor $avg".split(" "),
);
