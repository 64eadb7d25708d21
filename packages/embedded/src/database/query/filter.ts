import { type EvaluationScope, createEvaluator } from "../aggregation/expressions.ts";
import { createError, createUnsupportedError } from "../errors.ts";
import { reachLeaves, reachValues } from "../values/path.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";
import { createFieldCondition } from "./conditions.ts";
import type { Condition, Matcher } from "./matcher.ts";

/** Operators of whole documents that MongoDB knows and this database refuses. */
const UNSUPPORTED = new Set(["$where", "$text", "$jsonSchema", "$sampleRate", "$alwaysTrue", "$alwaysFalse"]);

/**
 * Turns a query filter into a function. The whole filter is checked first, so that an unknown operator is an
 * error even when no document would reach it. Throws a DatabaseError.
 */
export function createMatcher(filter: BsonDocument, scope: EvaluationScope): Matcher {
  const matchers = Object.keys(filter).map((name) =>
    name.startsWith("$")
      ? createOperatorMatcher(name, filter[name], scope)
      : createFieldMatcher(name, filter[name], scope),
  );
  const [only] = matchers;
  if (matchers.length === 1 && only) return only;
  return (document, details) => matchers.every((matches) => matches(document, details));
}

function createFieldMatcher(path: string, operand: unknown, scope: EvaluationScope): Matcher {
  const condition = createFieldCondition(operand, (filter) => createMatcher(filter, scope));
  return (document, details) => testField(condition, document, path, details);
}

function testField(
  condition: Condition,
  document: unknown,
  path: string,
  details: Parameters<Matcher>[1],
): boolean {
  const target = { leaves: () => reachLeaves(document, path), values: () => reachValues(document, path) };
  return condition(target, details);
}

function createOperatorMatcher(name: string, operand: unknown, scope: EvaluationScope): Matcher {
  switch (name) {
    case "$and": {
      const all = readClauses(name, operand, scope);
      return (document, details) => all.every((matches) => matches(document, details));
    }
    case "$or": {
      const any = readClauses(name, operand, scope);
      return (document, details) => any.some((matches) => matches(document, details));
    }
    case "$nor": {
      const none = readClauses(name, operand, scope);
      return (document) => !none.some((matches) => matches(document));
    }
    case "$expr": {
      const evaluate = createEvaluator(operand, scope);
      return (document) => isTruthy(evaluate(document as BsonDocument));
    }
    case "$comment":
      return () => true;
    default:
      if (UNSUPPORTED.has(name)) throw createUnsupportedError(`the query operator ${name}`);
      throw createError(
        "BadValue",
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}

function readClauses(name: string, operand: unknown, scope: EvaluationScope): Matcher[] {
  if (!Array.isArray(operand)) throw createError("BadValue", `${name} argument must be an array`);
  if (operand.length === 0) {
    throw createError("BadValue", "$and/$or/$nor must be a nonempty array");
  }
  return operand.map((clause: unknown) => {
    if (!isDocument(clause)) throw createError("BadValue", "$or/$and/$nor entries need to be full objects");
    return createMatcher(clause, scope);
  });
}

/** Truth as aggregation expressions see it: only false, null, 0 and missing are false. */
function isTruthy(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== 0;
}
