import type { EvaluationScope } from "../aggregation/expressions.ts";
import { createLocationError } from "../errors.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";
import {
  type ProjectionDialect,
  type ProjectionNode,
  type ProjectionTree,
  readProjection,
} from "./projection-tree.ts";
import { setComputed } from "./set-computed.ts";

/** `element`: the array element the query matched, for the positional projection `field.$`. */
export type Projection = (document: BsonDocument, element?: number) => BsonDocument;

/** Turns a projection into a function; an empty one changes nothing. Throws a DatabaseError for a bad one. */
export function createProjection(
  specification: BsonDocument,
  dialect: ProjectionDialect,
  scope: EvaluationScope,
): Projection {
  if (Object.keys(specification).length === 0) return (document) => document;
  const tree = readProjection(specification, dialect, scope);
  const computed = collectComputed(tree.fields, []);
  const fields = withImplicitId(tree);
  return (document, element) => {
    let projected: unknown = projectDocument(document, fields, tree.isInclusion, element);
    for (const { path, node } of computed) {
      projected = setComputed(projected, path, computeValue(node, document, path));
    }
    return putIdFirst(projected as BsonDocument);
  };
}

type ComputedNode = Extract<ProjectionNode, { kind: "computed" | "elemMatch" }>;

function collectComputed(
  fields: ReadonlyMap<string, ProjectionNode>,
  prefix: readonly string[],
): { path: readonly string[]; node: ComputedNode }[] {
  return [...fields].flatMap(([name, node]) => {
    const path = [...prefix, name];
    if (node.kind === "branch") return collectComputed(node.fields, path);
    return node.kind === "computed" || node.kind === "elemMatch" ? [{ path, node }] : [];
  });
}

function computeValue(node: ComputedNode, document: BsonDocument, path: readonly string[]): unknown {
  if (node.kind === "computed") return node.evaluate(document);
  const array = path.reduce<unknown>(
    (value, part) => (isDocument(value) && Object.hasOwn(value, part) ? value[part] : undefined),
    document,
  );
  if (!Array.isArray(array)) return undefined;
  const index = array.findIndex((item: unknown) => node.test(item));
  return index < 0 ? undefined : [array[index]];
}

/** An inclusion keeps `_id` unless told otherwise. */
function withImplicitId(tree: ProjectionTree): ReadonlyMap<string, ProjectionNode> {
  if (!tree.isInclusion || tree.fields.has("_id")) return tree.fields;
  return new Map<string, ProjectionNode>([["_id", { kind: "include" }], ...tree.fields]);
}

function putIdFirst(document: BsonDocument): BsonDocument {
  return Object.hasOwn(document, "_id") ? { _id: document["_id"], ...document } : document;
}

function projectDocument(
  document: BsonDocument,
  fields: ReadonlyMap<string, ProjectionNode>,
  isInclusion: boolean,
  element: number | undefined,
): BsonDocument {
  const projected: BsonDocument = {};
  for (const [name, value] of Object.entries(document)) {
    const node = fields.get(name);
    const kept = node ? projectField(value, node, isInclusion, element) : isInclusion ? undefined : value;
    if (kept !== undefined) projected[name] = kept;
  }
  return projected;
}

function projectField(
  value: unknown,
  node: ProjectionNode,
  isInclusion: boolean,
  element: number | undefined,
): unknown {
  if (node.kind === "include") return value;
  if (node.kind === "slice") return Array.isArray(value) ? sliceArray(value, node.skip, node.limit) : value;
  if (node.kind === "positional") return pickMatched(value, element);
  if (node.kind === "branch") return projectBranch(value, node.fields, isInclusion, element);
  return undefined; // excluded, or computed later
}

function projectBranch(
  value: unknown,
  fields: ReadonlyMap<string, ProjectionNode>,
  isInclusion: boolean,
  element: number | undefined,
): unknown {
  if (isDocument(value)) return projectDocument(value, fields, isInclusion, element);
  if (!Array.isArray(value)) return isInclusion ? undefined : value;
  return value
    .map((item: unknown) => projectBranch(item, fields, isInclusion, element))
    .filter((item) => item !== undefined);
}

function pickMatched(value: unknown, element: number | undefined): unknown {
  if (!Array.isArray(value)) return value;
  if (element === undefined || element >= value.length) {
    throw createLocationError(
      51246,
      "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
    );
  }
  return [value[element]];
}

function sliceArray(array: readonly unknown[], skip: number | undefined, limit: number): unknown[] {
  if (skip === undefined) return limit < 0 ? array.slice(limit) : array.slice(0, limit);
  const start = skip < 0 ? Math.max(0, array.length + skip) : skip;
  return array.slice(start, start + limit);
}
