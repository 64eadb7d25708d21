import { Context } from "mingo/core";
import * as accumulators from "mingo/operators/accumulator";
import * as expressions from "mingo/operators/expression";
import { EXACT_OPERATORS, type Operator, OWN_OPERATORS } from "./own-operators.ts";

/**
 * The expression operators that are left to mingo: those whose results agreed with MongoDB's documentation when
 * tried. Missing are `$type`, `$convert` and the like (mingo cannot tell BSON's number types apart), the set
 * operators (it ignores field order), `$toUpper` and `$toLower` (MongoDB's change ASCII letters only), logarithms
 * (no error for zero) and `$switch` (none without a matching branch).
 */
const FROM_MINGO = [
  "$abs $add $ceil $divide $exp $floor $multiply $pow $round $sqrt $subtract $trunc",
  "$and $or $not $cond $ifNull $let $literal $objectToArray $arrayToObject",
  "$arrayElemAt $concatArrays $filter $first $isArray $last $map $range $reduce $reverseArray $slice",
  "$concat $split $strLenCP $substrCP $trim $ltrim $rtrim $replaceOne $replaceAll $regexMatch",
  "$toString $toInt $toBool $isNumber",
  "$year $month $dayOfMonth $dayOfWeek $dayOfYear $hour $minute $second $millisecond $dateToString",
].flatMap((names) => names.split(" "));

function pick(names: readonly string[], from: object): Record<string, Operator> {
  const available = new Map<string, unknown>(Object.entries(from));
  return Object.fromEntries(names.map((name) => [name, available.get(name) as Operator]));
}

const SUPPORTED = { ...pick(FROM_MINGO, expressions), ...OWN_OPERATORS };

/** Everything mingo exports is an operator MongoDB knows: it gets another refusal than an unknown name. */
const KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys(expressions),
  ...Object.keys(accumulators),
  ..."$meta $toUUID $tsIncrement $tsSecond $binarySize $bsonSize $substr $indexOfCP".split(" "),
]);

export function isSupportedExpression(name: string): boolean {
  return Object.hasOwn(SUPPORTED, name);
}

/** True for every operator MongoDB knows, supported here or not. */
export function isKnownExpression(name: string): boolean {
  return isSupportedExpression(name) || KNOWN.has(name);
}

type ContextOperators = NonNullable<Parameters<typeof Context.init>[0]>;

/** For reading. */
export const READ_CONTEXT = Context.init({ expression: SUPPORTED } as ContextOperators);

/** For update pipelines, whose results are stored. */
export const EXACT_CONTEXT = Context.init({
  expression: { ...SUPPORTED, ...EXACT_OPERATORS },
} as ContextOperators);
