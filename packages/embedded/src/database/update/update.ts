import { createError } from "../errors.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";

/** The three forms an update can have. */
export type Update =
  | { readonly kind: "operators"; readonly operators: BsonDocument }
  | { readonly kind: "replacement"; readonly document: BsonDocument }
  | { readonly kind: "pipeline"; readonly stages: readonly unknown[] };

/** Tells the forms apart, as MongoDB does, by the first field name. */
export function readUpdate(value: unknown): Update {
  if (Array.isArray(value)) return { kind: "pipeline", stages: value };
  if (!isDocument(value)) {
    throw createError("FailedToParse", "Update argument must be either an object or an array");
  }
  const isOperators = (Object.keys(value)[0] ?? "").startsWith("$");
  return isOperators ? { kind: "operators", operators: value } : { kind: "replacement", document: value };
}
