import { formatValue } from "../values/format.ts";
import type { EvaluationScope } from "../aggregation/expressions.ts";
import { createError, createUnsupportedError } from "../errors.ts";
import { createMatcher } from "../query/filter.ts";
import type { Matcher } from "../query/matcher.ts";
import { cloneValue } from "../values/clone.ts";
import { isIndex } from "../values/path.ts";
import { type BsonDocument, isDocument, typeOf } from "../values/types.ts";
import { createArrayOperators } from "./array-operators.ts";
import { type ApplyOperator, FIELD_OPERATORS } from "./field-operators.ts";
import { resolvePositions } from "./paths.ts";

/** Turns a document into the updated one; the given one stays as it is. */
export type ApplyUpdate = (
  document: BsonDocument,
  situation: { readonly element: number | undefined; readonly isInsert: boolean },
) => BsonDocument;

interface Step {
  readonly operator: string;
  readonly path: string;
  readonly parts: readonly string[];
  readonly operand: unknown;
  readonly apply: ApplyOperator;
}

/** Checks the whole update first, then returns the function that applies it. Throws a DatabaseError. */
export function createOperatorUpdate(
  operators: BsonDocument,
  arrayFilters: readonly unknown[],
  scope: EvaluationScope,
): ApplyUpdate {
  const steps = readSteps(operators, scope);
  checkConflicts(steps);
  const filters = readArrayFilters(arrayFilters, scope);
  checkFiltersUsed(filters, steps);
  return (document, { element, isInsert }) => {
    const root = cloneValue(document);
    for (const { operator, parts, operand, apply } of steps) {
      if (operator === "$setOnInsert" && !isInsert) continue;
      for (const resolved of resolvePositions(root, parts, { element, arrayFilters: filters })) {
        apply({ root, parts: resolved, now: scope.now }, operand);
      }
    }
    return root;
  };
}

function readSteps(operators: BsonDocument, scope: EvaluationScope): Step[] {
  const known: Readonly<Record<string, ApplyOperator>> = {
    ...FIELD_OPERATORS,
    ...createArrayOperators(scope),
  };
  const steps = Object.entries(operators).flatMap(([operator, fields]) => {
    if (operator === "$bit") throw createUnsupportedError("the update operator $bit");
    const apply = Object.hasOwn(known, operator) ? known[operator] : undefined;
    if (!apply) {
      throw createError(
        "FailedToParse",
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    if (!isDocument(fields)) {
      throw createError(
        "FailedToParse",
        `Modifiers operate on fields but we found type ${typeOf(fields)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${formatValue(fields)}}`,
      );
    }
    return Object.entries(fields).map(([path, operand]) => ({
      operator,
      path,
      parts: readPath(path),
      operand,
      apply,
    }));
  });
  return steps.toSorted((left, right) => comparePaths(left.parts, right.parts));
}

function readPath(path: string): readonly string[] {
  const parts = path.split(".");
  if (path === "") {
    throw createError("EmptyFieldName", "An empty update path is not valid.");
  }
  if (parts.includes("")) {
    throw createError(
      "EmptyFieldName",
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    );
  }
  if (parts[0]?.startsWith("$")) {
    throw createError(
      "DollarPrefixedFieldName",
      `The dollar ($) prefixed field '${path}' in '${path}' is not allowed in the context of an update's replacement document.`,
    );
  }
  return parts;
}

/** New fields are added in this order: https://www.mongodb.com/docs/manual/reference/operator/update/#behavior */
function comparePaths(left: readonly string[], right: readonly string[]): number {
  for (const [index, a] of left.entries()) {
    const b = right[index];
    if (b === undefined) return 1;
    if (a === b) continue;
    if (isIndex(a) && isIndex(b)) return Number(a) - Number(b);
    return a < b ? -1 : 1;
  }
  return left.length - right.length;
}

function checkConflicts(steps: readonly Step[]): void {
  const paths = steps.flatMap(({ operator, path, operand }) =>
    operator === "$rename" && typeof operand === "string" ? [path, operand] : [path],
  );
  for (const [index, path] of paths.entries()) {
    for (const other of paths.slice(index + 1)) {
      if (path === other || path.startsWith(`${other}.`) || other.startsWith(`${path}.`)) {
        const shorter = path.length <= other.length ? path : other;
        throw createError(
          "ConflictingUpdateOperators",
          `Updating the path '${other}' would create a conflict at '${shorter}'`,
        );
      }
    }
  }
}

function readArrayFilters(filters: readonly unknown[], scope: EvaluationScope): Map<string, Matcher> {
  const byName = new Map<string, Matcher>();
  for (const filter of filters) {
    if (!isDocument(filter)) throw createError("TypeMismatch", "Each array filter must be an object");
    const names = new Set(readFilterNames(filter));
    const [name] = names;
    if (name === undefined || names.size > 1) {
      throw createError(
        "FailedToParse",
        "Error parsing array filter :: caused by :: Expected a single top-level field name",
      );
    }
    if (byName.has(name)) {
      throw createError(
        "FailedToParse",
        `Found multiple array filters with the same top-level field name ${name}`,
      );
    }
    byName.set(name, createMatcher(filter, scope));
  }
  return byName;
}

function readFilterNames(filter: BsonDocument): string[] {
  return Object.entries(filter).flatMap(([name, operand]) => {
    if (!name.startsWith("$")) return [name.split(".", 1)[0] ?? name];
    if (!Array.isArray(operand)) return [];
    return operand.flatMap((clause: unknown) => (isDocument(clause) ? readFilterNames(clause) : []));
  });
}

function checkFiltersUsed(filters: ReadonlyMap<string, Matcher>, steps: readonly Step[]): void {
  const used = new Set(
    steps.flatMap(({ parts }) => parts.map((part) => /^\$\[(.+)\]$/.exec(part)?.[1] ?? "")),
  );
  for (const name of filters.keys()) {
    if (!used.has(name)) {
      throw createError(
        "FailedToParse",
        `The array filter for identifier '${name}' was not used in the update`,
      );
    }
  }
  for (const name of used) {
    if (name !== "" && !filters.has(name)) {
      throw createError("BadValue", `No array filter found for identifier '${name}' in path`);
    }
  }
}
