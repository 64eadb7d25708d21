import { BSONRegExp } from "bson";
import { evalExpr } from "mingo/core";
import { createError, createLocationError, createUnsupportedError, DatabaseError } from "../errors.ts";
import { isIndex } from "../values/path.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";
import { EXACT_CONTEXT, isKnownExpression, isSupportedExpression, READ_CONTEXT } from "./operators.ts";
import { INEXACT_NAMES } from "./own-operators.ts";
import { unwrapNumbers, unwrapRegex } from "./plain-numbers.ts";

/** What an expression can refer to beside the document. */
export interface EvaluationScope {
  /** The command's `let`. */
  readonly variables: Readonly<BsonDocument>;
  /** `$$NOW`: one instant for the whole command. */
  readonly now: Date;
  /** Refuse numbers that JavaScript would give another BSON type. */
  readonly exactNumbers: boolean;
}

export type Evaluator = (document: BsonDocument) => unknown;

type MingoOptions = Parameters<typeof evalExpr>[2];

/** Turns an aggregation expression into a function. Unknown operators are refused here, before any document. */
export function createEvaluator(expression: unknown, scope: EvaluationScope): Evaluator {
  const prepared = prepare(expression, scope);
  const variables = unwrapNumbers(scope.variables, scope.exactNumbers);
  const options = {
    context: scope.exactNumbers ? EXACT_CONTEXT : READ_CONTEXT,
    variables,
    scriptEnabled: false,
    useStrictMode: true,
    failOnError: true,
    idKey: "_id",
    processingMode: 0,
  } as unknown as MingoOptions;
  return (document) => {
    const plain = unwrapNumbers(document, scope.exactNumbers);
    try {
      return evalExpr(plain, prepared, options);
    } catch (error) {
      if (error instanceof DatabaseError) throw error;
      throw createError("BadValue", error instanceof Error ? error.message : String(error));
    }
  };
}

function prepare(expression: unknown, scope: EvaluationScope): unknown {
  if (typeof expression === "string") return prepareString(expression, scope);
  if (expression instanceof BSONRegExp) return unwrapRegex(expression);
  if (Array.isArray(expression)) return expression.map((item: unknown) => prepare(item, scope));
  if (!isDocument(expression)) return unwrapNumbers(expression, scope.exactNumbers);
  const names = Object.keys(expression);
  const operator = names.find((name) => name.startsWith("$"));
  if (operator === undefined) return prepareFields(expression, scope);
  if (names.length > 1) {
    throw createLocationError(
      15983,
      `An object representing an expression must have exactly one field: ${JSON.stringify(names)}`,
    );
  }
  checkOperator(operator, scope);
  const operand = expression[operator];
  if (operator === "$cond") checkCondition(operand);
  if (operator === "$literal") return { $literal: unwrapNumbers(operand, scope.exactNumbers) };
  return { [operator]: prepare(operand, scope) };
}

function prepareFields(document: BsonDocument, scope: EvaluationScope): BsonDocument {
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, prepare(value, scope)]));
}

function prepareString(text: string, scope: EvaluationScope): unknown {
  if (!text.startsWith("$")) return text;
  if (text === "$$NOW") return scope.now;
  if (text === "$") throw createLocationError(16872, "'$' by itself is not a valid FieldPath");
  if (/^\$\$(?:CLUSTER_TIME|USER_ROLES|SEARCH_META|JS_SCOPE|IS_MR|KEEP|PRUNE|DESCEND)\b/.test(text)) {
    throw createUnsupportedError(`the variable ${text}`);
  }
  if (text.includes("\0") || text.split(".").some((part) => part === "")) {
    throw createLocationError(40353, "FieldPath must not end with a '.' or have empty parts.");
  }
  if (text.split(".").slice(1).some(isIndex)) {
    throw createUnsupportedError(`numbers in the field path ${text} of an expression`);
  }
  return text;
}

/** mingo takes a missing branch for undefined. */
function checkCondition(operand: unknown): void {
  const count = Array.isArray(operand) ? operand.length : 3;
  const names = isDocument(operand) ? Object.keys(operand).toSorted().join() : "else,if,then";
  if (count !== 3 || names !== "else,if,then") {
    throw createLocationError(16020, "Expression $cond takes exactly 3 arguments: if, then and else.");
  }
}

function checkOperator(name: string, scope: EvaluationScope): void {
  if (isSupportedExpression(name)) {
    if (!scope.exactNumbers || !INEXACT_NAMES.has(name)) return;
    throw createUnsupportedError(`the expression operator ${name} in update pipelines`);
  }
  if (isKnownExpression(name)) throw createUnsupportedError(`the expression operator ${name}`);
  throw createError("InvalidPipelineOperator", `Unrecognized expression '${name}'`);
}
