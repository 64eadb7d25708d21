import type { Attributes } from "@opentelemetry/api";

/** What the driver calls the collection of commands such as `findAndModify`, `aggregate` and `ping`. */
export const PSEUDO_COLLECTION = "$cmd";

/**
 * Names a MongoDB span after its real collection, which the statement of such commands holds; without one the span
 * is named after the operation: https://opentelemetry.io/docs/specs/semconv/db/mongodb/
 */
export function renameMongo(name: string, attributes: Attributes): { name: string; attributes: Attributes } {
  const { "db.collection.name": collection, ...rest } = attributes;
  const operation = attributes["db.operation.name"];
  if (collection !== PSEUDO_COLLECTION || typeof operation !== "string") return { name, attributes };
  const real = readCollection(operation, attributes["db.query.text"]);
  if (real === undefined) return { name: operation, attributes: rest };
  return { name: `${operation} ${real}`, attributes: { ...rest, "db.collection.name": real } };
}

function readCollection(operation: string, statement: unknown): string | undefined {
  const match = typeof statement === "string" ? /^\{"(\w+)":"([\w.-]+)"/.exec(statement) : null;
  return match?.[1] === operation ? match[2] : undefined;
}
