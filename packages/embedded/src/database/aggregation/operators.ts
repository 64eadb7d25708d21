import { Context, evalExpr } from "mingo/core";
import * as accumulators from "mingo/operators/accumulator";
import * as expressions from "mingo/operators/expression";
import { createLocationError } from "../errors.ts";
import { compareValues, isSameValue } from "../values/compare.ts";

/**
 * The expression operators that are let through to mingo: those whose results agree with MongoDB's documentation
 * for the values `unwrapNumbers` lets pass. `$type`, `$convert` and the like are missing because mingo cannot tell
 * BSON's number types apart, set operators because it ignores field order.
 */
const FROM_MINGO = [
  ..."$abs $add $ceil $divide $exp $floor $ln $log $log10 $mod $multiply $pow $round $sqrt $subtract $trunc".split(
    " ",
  ),
  ..."$and $or $not $cond $ifNull $switch $let $literal $mergeObjects $objectToArray $arrayToObject".split(
    " ",
  ),
  ..."$arrayElemAt $concatArrays $filter $first $indexOfArray $isArray $last $map $range $reduce".split(" "),
  ..."$reverseArray $size $slice $concat $split $strLenCP $strcasecmp $substrCP $toLower $toUpper".split(" "),
  ..."$trim $ltrim $rtrim $replaceOne $replaceAll $regexMatch $toString $toDate $toInt $toBool $isNumber".split(
    " ",
  ),
  ..."$year $month $dayOfMonth $dayOfWeek $dayOfYear $hour $minute $second $millisecond $dateToString".split(
    " ",
  ),
];
/** Accumulators that also work as expressions over an array. */
const ARRAY_ACCUMULATORS = ["$sum", "$avg", "$min", "$max"];

type Operator = (object: never, expression: never, options: never) => unknown;

function evaluatePair(name: string, decide: (left: unknown, right: unknown) => unknown): Operator {
  return (object, expression, options) => {
    const operands: unknown = evalExpr(object, expression, options);
    if (!Array.isArray(operands) || operands.length !== 2) {
      throw createLocationError(16020, `Expression ${name} takes exactly 2 arguments.`);
    }
    return decide(operands[0], operands[1]);
  };
}

/** mingo's own comparisons look into arrays and never compare two types; MongoDB's use the BSON order. */
const OWN: Readonly<Record<string, Operator>> = {
  $eq: evaluatePair("$eq", (left, right) => compareExpressions(left, right) === 0),
  $ne: evaluatePair("$ne", (left, right) => compareExpressions(left, right) !== 0),
  $gt: evaluatePair("$gt", (left, right) => compareExpressions(left, right) > 0),
  $gte: evaluatePair("$gte", (left, right) => compareExpressions(left, right) >= 0),
  $lt: evaluatePair("$lt", (left, right) => compareExpressions(left, right) < 0),
  $lte: evaluatePair("$lte", (left, right) => compareExpressions(left, right) <= 0),
  $cmp: evaluatePair("$cmp", compareExpressions),
  $in: evaluatePair("$in", (value, array) => {
    if (!Array.isArray(array)) {
      throw createLocationError(40081, "$in requires an array as a second argument");
    }
    return array.some((item) => isSameValue(item, value));
  }),
};

/** Unlike queries, expressions tell a missing value from null. */
function compareExpressions(left: unknown, right: unknown): number {
  return compareValues(left, right);
}

function pick(names: readonly string[], from: object): Record<string, Operator> {
  const available = new Map<string, unknown>(Object.entries(from));
  return Object.fromEntries(names.map((name) => [name, available.get(name) as Operator]));
}

export const EXPRESSION_NAMES: ReadonlySet<string> = new Set([
  ...FROM_MINGO,
  ...Object.keys(OWN),
  ...ARRAY_ACCUMULATORS,
]);

/** Everything mingo exports is an operator MongoDB knows: those get another refusal than unknown names. */
const KNOWN_EXPRESSION_NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(expressions),
  ...Object.keys(accumulators),
  "$meta",
  "$toUUID",
  "$tsIncrement",
  "$tsSecond",
  "$binarySize",
  "$bsonSize",
  "$substr",
]);

/** True for every operator MongoDB knows, supported here or not. */
export function isKnownExpression(name: string): boolean {
  return EXPRESSION_NAMES.has(name) || KNOWN_EXPRESSION_NAMES.has(name);
}

type ContextOperators = NonNullable<Parameters<typeof Context.init>[0]>;

export const MINGO_CONTEXT = Context.init({
  expression: { ...pick(FROM_MINGO, expressions), ...OWN },
  accumulator: pick(ARRAY_ACCUMULATORS, accumulators),
} as ContextOperators);
