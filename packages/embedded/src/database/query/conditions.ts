import { BSONRegExp } from "bson";
import { createError, createUnsupportedError } from "../errors.ts";
import { compareValues, isNullish, isSameValue, typeBracket } from "../values/compare.ts";
import { readNumber, readWholeOperand } from "../values/numbers.ts";
import { type BsonDocument, isDocument, isOperatorDocument, typeOf } from "../values/types.ts";
import { createElemMatchCondition } from "./elem-match.ts";
import { type Condition, type Matcher, matchesAny } from "./matcher.ts";
import { createRegexTest } from "./regex.ts";
import { createTypeTest } from "./type-test.ts";

export type CreateMatcher = (filter: BsonDocument) => Matcher;
type Create = (operand: unknown, createMatcher: CreateMatcher) => Condition;

/** Field operators that MongoDB knows and this database refuses. */
const UNSUPPORTED = new Set(
  "$geoWithin $geoIntersects $near $nearSphere $within $geoNear $bitsAllSet $bitsAllClear $bitsAnySet $bitsAnyClear $encStrStartsWith $_internalSchemaType".split(
    " ",
  ),
);

function onLeaves(test: (value: unknown) => boolean): Condition {
  return (target, details) => matchesAny(target.leaves(), test, details);
}

function not(condition: Condition): Condition {
  return (target) => !condition(target);
}

/** The test behind `$eq`, `$in` and a bare value. */
function createEqualityTest(operand: unknown): (value: unknown) => boolean {
  if (isNullish(operand)) return isNullish;
  const bracket = typeBracket(operand);
  return (value) => typeBracket(value) === bracket && isSameValue(value, operand);
}

function createMemberTest(name: string, operand: unknown): (value: unknown) => boolean {
  if (!Array.isArray(operand)) throw createError("BadValue", `${name} needs an array`);
  const tests = operand.map((item: unknown) => {
    if (isOperatorDocument(item)) throw createError("BadValue", `cannot nest $ under ${name}`);
    if (!(item instanceof BSONRegExp)) return createEqualityTest(item);
    const [isSame, isMatch] = [createEqualityTest(item), createRegexTest(item)];
    return (value: unknown) => isMatch(value) || isSame(value);
  });
  return (value) => tests.some((test) => test(value));
}

function createOrderCondition(name: string, accepts: (order: number) => boolean): Create {
  return (operand) => {
    if (operand instanceof BSONRegExp)
      throw createError("BadValue", `Can't have RegEx as arg to predicate over field with ${name}`);
    const bracket = typeBracket(operand);
    const type = typeOf(operand);
    if (type === "minKey" || type === "maxKey") {
      return onLeaves((value) => value !== undefined && accepts(compareValues(value, operand)));
    }
    if (isNullish(operand)) return onLeaves((value) => isNullish(value) && accepts(0));
    const isNotNumber = Number.isNaN(readNumber(operand));
    return onLeaves((value) => {
      if (typeBracket(value) !== bracket) return false;
      if (Number.isNaN(readNumber(value)) !== isNotNumber) return false;
      return accepts(compareValues(value, operand));
    });
  };
}

function createSizeCondition(operand: unknown): Condition {
  const size = readWholeOperand(operand, "$size");
  if (size < 0) throw createError("BadValue", `Failed to parse $size. Expected a non-negative number`);
  return (target, details) =>
    matchesAny(target.values(), (value) => Array.isArray(value) && value.length === size, details);
}

function createModuloCondition(operand: unknown): Condition {
  if (!Array.isArray(operand)) throw createError("BadValue", "malformed mod, needs to be an array");
  if (operand.length < 2) throw createError("BadValue", "malformed mod, not enough elements");
  if (operand.length > 2) throw createError("BadValue", "malformed mod, too many elements");
  const [divisor, remainder] = operand.map((part: unknown) => {
    const number = Number(readNumber(part) ?? Number.NaN);
    if (!Number.isFinite(number)) throw createError("BadValue", "malformed mod, divisor not a number");
    return BigInt(Math.trunc(number));
  });
  if (!divisor) throw createError("BadValue", "divisor cannot be 0");
  return onLeaves((value) => {
    const number = readNumber(value);
    if (number === undefined || !(typeof number === "bigint" || Number.isFinite(number))) return false;
    return BigInt(typeof number === "bigint" ? number : Math.trunc(number)) % divisor === remainder;
  });
}

function createAllCondition(operand: unknown, createMatcher: CreateMatcher): Condition {
  if (!Array.isArray(operand)) throw createError("BadValue", "$all needs an array");
  const conditions = operand.map((item: unknown) => {
    if (isDocument(item) && Object.keys(item)[0] === "$elemMatch") {
      return createElemMatchCondition(item["$elemMatch"], createMatcher, createFieldCondition);
    }
    if (isOperatorDocument(item)) throw createError("BadValue", "no $ expressions in $all");
    return onLeaves(createMemberTest("$all", [item]));
  });
  return (target, details) =>
    conditions.length > 0 && conditions.every((condition) => condition(target, details));
}

function createNotCondition(operand: unknown, createMatcher: CreateMatcher): Condition {
  if (operand instanceof BSONRegExp) return not(onLeaves(createRegexTest(operand)));
  if (!isDocument(operand)) throw createError("BadValue", "$not needs a regex or a document");
  if (!isOperatorDocument(operand)) {
    throw createError("BadValue", "$not cannot be empty and needs operators");
  }
  return not(createFieldCondition(operand, createMatcher));
}

function createNotEqualCondition(operand: unknown): Condition {
  if (operand instanceof BSONRegExp) throw createError("BadValue", "Can't have regex as arg to $ne.");
  return not(onLeaves(createEqualityTest(operand)));
}

const OPERATORS: Readonly<Record<string, Create>> = {
  $eq: (operand) => onLeaves(createEqualityTest(operand)),
  $ne: createNotEqualCondition,
  $gt: createOrderCondition("$gt", (order) => order > 0),
  $gte: createOrderCondition("$gte", (order) => order >= 0),
  $lt: createOrderCondition("$lt", (order) => order < 0),
  $lte: createOrderCondition("$lte", (order) => order <= 0),
  $in: (operand) => onLeaves(createMemberTest("$in", operand)),
  $nin: (operand) => not(onLeaves(createMemberTest("$nin", operand))),
  $exists: (operand) => {
    const wanted = operand !== false && operand !== null && Number(readNumber(operand) ?? 1) !== 0;
    const exists = onLeaves((value) => value !== undefined);
    return wanted ? exists : not(exists);
  },
  $type: (operand) => onLeaves(createTypeTest(operand)),
  $size: createSizeCondition,
  $mod: createModuloCondition,
  $all: createAllCondition,
  $elemMatch: (operand, createMatcher) =>
    createElemMatchCondition(operand, createMatcher, createFieldCondition),
  $not: createNotCondition,
};

/** The condition behind `{ field: operand }`: a bare value, a regular expression or operators. */
export function createFieldCondition(operand: unknown, createMatcher: CreateMatcher): Condition {
  if (operand instanceof BSONRegExp) return onLeaves(createMemberTest("$in", [operand]));
  if (!isOperatorDocument(operand)) return onLeaves(createEqualityTest(operand));
  if (isReference(operand)) return onLeaves(createEqualityTest(operand));
  const conditions: Condition[] = [];
  for (const [name, value] of Object.entries(operand)) {
    if (name === "$options") {
      if (!Object.hasOwn(operand, "$regex")) throw createError("BadValue", "$options needs a $regex");
    } else if (name === "$regex") {
      conditions.push(onLeaves(createRegexTest(value, operand["$options"])));
    } else if (Object.hasOwn(OPERATORS, name)) {
      const create = OPERATORS[name];
      if (create) conditions.push(create(value, createMatcher));
    } else if (UNSUPPORTED.has(name)) {
      throw createUnsupportedError(`the query operator ${name}`);
    } else {
      throw createError("BadValue", `unknown operator: ${name}`);
    }
  }
  return (target, details) => conditions.every((condition) => condition(target, details));
}

/** `{ $ref, $id }` is a value (a DBRef), not a list of operators. */
function isReference(operand: BsonDocument): boolean {
  return Object.hasOwn(operand, "$ref") && Object.hasOwn(operand, "$id");
}
