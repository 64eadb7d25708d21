import { createError } from "../errors.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";
import { type Condition, type Matcher, matchesAny } from "./matcher.ts";

const DOCUMENT_OPERATORS = new Set(["$and", "$or", "$nor", "$expr", "$where"]);

type CreateMatcher = (filter: BsonDocument) => Matcher;
type CreateCondition = (operand: unknown, createMatcher: CreateMatcher) => Condition;

/**
 * `$elemMatch` with operators tests each element as a value, otherwise as a document.
 * https://www.mongodb.com/docs/manual/reference/operator/query/elemMatch/
 */
export function createElementTest(
  operand: unknown,
  createMatcher: CreateMatcher,
  createCondition: CreateCondition,
): (element: unknown) => boolean {
  if (!isDocument(operand)) throw createError("BadValue", "$elemMatch needs an Object");
  const [first] = Object.keys(operand);
  if (first?.startsWith("$") && !DOCUMENT_OPERATORS.has(first)) {
    const condition = createCondition(operand, createMatcher);
    return (element) => {
      const values = [{ value: element, element: undefined }];
      return condition({ leaves: () => values, values: () => values });
    };
  }
  const matches = createMatcher(operand);
  return (element) => (isDocument(element) || Array.isArray(element)) && matches(element);
}

export function createElemMatchCondition(
  operand: unknown,
  createMatcher: CreateMatcher,
  createCondition: CreateCondition,
): Condition {
  const test = createElementTest(operand, createMatcher, createCondition);
  return (target, details) =>
    target.values().some(({ value, element }) => {
      if (!Array.isArray(value)) return false;
      const elements = value.map((item: unknown, index) => ({ value: item, element: element ?? index }));
      return matchesAny(elements, test, details);
    });
}
