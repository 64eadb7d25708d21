import { type Evaluator, type EvaluationScope, createEvaluator } from "../aggregation/expressions.ts";
import { isKnownExpression } from "../aggregation/operators.ts";
import { createLocationError, createUnsupportedError } from "../errors.ts";
import { createFieldCondition } from "../query/conditions.ts";
import { createElementTest } from "../query/elem-match.ts";
import { createMatcher } from "../query/filter.ts";
import { readNumber, readWholeNumber } from "../values/numbers.ts";
import { type BsonDocument, isDocument, isOperatorDocument, typeOf } from "../values/types.ts";

/** What happens to one field. */
export type ProjectionNode =
  | { readonly kind: "include" | "exclude" | "positional" }
  | { readonly kind: "slice"; readonly skip: number | undefined; readonly limit: number }
  | { readonly kind: "elemMatch"; readonly test: (element: unknown) => boolean }
  | { readonly kind: "computed"; readonly evaluate: Evaluator }
  | { readonly kind: "branch"; readonly fields: Map<string, ProjectionNode> };

export interface ProjectionTree {
  readonly isInclusion: boolean;
  readonly fields: ReadonlyMap<string, ProjectionNode>;
}

/** `find` knows `$slice`, `$elemMatch` and `.$`, which mean something else or nothing in a `$project` stage. */
export type ProjectionDialect = "find" | "aggregate";

/** Reads a projection and checks it. https://www.mongodb.com/docs/manual/reference/method/db.collection.find/#projection */
export function readProjection(
  specification: BsonDocument,
  dialect: ProjectionDialect,
  scope: EvaluationScope,
): ProjectionTree {
  const root = new Map<string, ProjectionNode>();
  const leaves: { path: string; node: ProjectionNode }[] = [];
  readFields(specification, [], (path, value) => {
    const isPositional = dialect === "find" && path.at(-1) === "$";
    const node: ProjectionNode = isPositional ? { kind: "positional" } : readNode(value, dialect, scope);
    const parts = isPositional ? path.slice(0, -1) : path;
    addNode(root, parts, node);
    leaves.push({ path: parts.join("."), node });
  });
  return { isInclusion: decideInclusion(leaves), fields: root };
}

function readFields(
  document: BsonDocument,
  prefix: readonly string[],
  add: (path: readonly string[], value: unknown) => void,
): void {
  for (const [name, value] of Object.entries(document)) {
    const path = [...prefix, ...name.split(".")];
    const isPositional = path.at(-1) === "$" && path.length > 1;
    if (
      path.some(
        (part, index) =>
          part === "" || (part.startsWith("$") && !(isPositional && index === path.length - 1)),
      )
    ) {
      throw createLocationError(16410, `FieldPath field names may not be empty or start with '$': ${name}`);
    }
    if (isDocument(value) && !isOperatorDocument(value)) {
      if (Object.keys(value).length === 0) {
        throw createLocationError(51270, "An empty sub-projection is not a valid value");
      }
      readFields(value, path, add);
    } else {
      add(path, value);
    }
  }
}

function readNode(value: unknown, dialect: ProjectionDialect, scope: EvaluationScope): ProjectionNode {
  if (typeof value === "boolean") return { kind: value ? "include" : "exclude" };
  if (typeOf(value) === "decimal") throw createUnsupportedError("Decimal128 in projections");
  const number = readNumber(value);
  if (number !== undefined) return { kind: Number(number) === 0 ? "exclude" : "include" };
  if (dialect === "find" && isOperatorDocument(value)) {
    const [operator] = Object.keys(value);
    if (operator === "$slice") return readSlice(value["$slice"], value, scope);
    if (operator === "$elemMatch") {
      const test = createElementTest(
        value["$elemMatch"],
        (filter) => createMatcher(filter, scope),
        createFieldCondition,
      );
      return { kind: "elemMatch", test };
    }
  }
  checkKnown(value);
  return { kind: "computed", evaluate: createEvaluator(value, scope) };
}

/** Projections have an error code of their own for an operator nobody knows. */
function checkKnown(value: unknown): void {
  const [operator = ""] = isOperatorDocument(value) ? Object.keys(value) : [];
  if (operator !== "" && !isKnownExpression(operator)) {
    throw createLocationError(31325, `Unknown expression ${operator}`);
  }
}

function readSlice(operand: unknown, expression: unknown, scope: EvaluationScope): ProjectionNode {
  if (!Array.isArray(operand)) {
    return { kind: "slice", skip: undefined, limit: readWholeNumber(operand, "$slice") };
  }
  if (operand.length !== 2 || operand.some((part) => readNumber(part) === undefined)) {
    return { kind: "computed", evaluate: createEvaluator(expression, scope) };
  }
  const [skip, limit] = operand.map((part: unknown) => readWholeNumber(part, "$slice"));
  if (skip === undefined || limit === undefined || limit <= 0) {
    throw createLocationError(28724, "First argument to $slice must be an array; the limit must be positive");
  }
  return { kind: "slice", skip, limit };
}

function addNode(root: Map<string, ProjectionNode>, path: readonly string[], node: ProjectionNode): void {
  let fields = root;
  for (const [index, part] of path.entries()) {
    const existing = fields.get(part);
    const isLast = index === path.length - 1;
    if (existing && (isLast || existing.kind !== "branch")) {
      throw createLocationError(31249, `Path collision at ${path.join(".")}`);
    }
    if (isLast) fields.set(part, node);
    else if (existing?.kind === "branch") fields = existing.fields;
    else {
      const branch = { kind: "branch", fields: new Map<string, ProjectionNode>() } as const;
      fields.set(part, branch);
      fields = branch.fields;
    }
  }
}

const INCLUDING = new Set(["include", "positional", "elemMatch", "computed"]);

function decideInclusion(leaves: readonly { path: string; node: ProjectionNode }[]): boolean {
  const others = leaves.filter(({ path }) => path !== "_id");
  const excluded = others.find(({ node }) => node.kind === "exclude");
  const included = others.find(({ node }) => INCLUDING.has(node.kind));
  if (excluded && included) {
    throw leaves.indexOf(excluded) > leaves.indexOf(included)
      ? createLocationError(31254, `Cannot do exclusion on field ${excluded.path} in inclusion projection`)
      : createLocationError(31253, `Cannot do inclusion on field ${included.path} in exclusion projection`);
  }
  if (leaves.filter(({ node }) => node.kind === "positional").length > 1) {
    throw createLocationError(31276, "Cannot specify more than one positional projection per query.");
  }
  if (included) return true;
  if (excluded) return false;
  const id = leaves.find(({ path }) => path === "_id");
  const isIdIncluded = id !== undefined && INCLUDING.has(id.node.kind);
  if (isIdIncluded && others.length > 0) {
    throw createUnsupportedError("a projection of _id: 1 with nothing but $slice");
  }
  return isIdIncluded;
}
