import { createError, createUnsupportedError } from "../errors.ts";
import type { Collection } from "../store/collection.ts";
import { checkCollation } from "../store/index-specification.ts";
import { createKey } from "../values/key.ts";
import type { BsonDocument } from "../values/types.ts";

/**
 * A hint never changes the result here, so it is accepted when it would not in MongoDB either: the index must
 * exist and hold every document.
 */
function checkHint(collection: Collection, hint: unknown): void {
  if (hint === undefined || (typeof hint === "object" && hint !== null && Object.keys(hint).length === 0))
    return;
  if (typeof hint === "object" && hint !== null && Object.hasOwn(hint, "$natural")) {
    throw createUnsupportedError("the hint $natural");
  }
  const index = collection.indexes.find(({ specification: { name, key } }) =>
    typeof hint === "string" ? name === hint : createKey(key) === createKey(hint),
  );
  if (!index) {
    throw createError(
      "BadValue",
      "error processing query: planner returned error: hint provided does not correspond to an existing index",
    );
  }
  if (index.specification.sparse || index.specification.partialFilterExpression) {
    throw createUnsupportedError("hints on sparse and partial indexes");
  }
}

/** The two options that many commands share. */
export function checkHintAndCollation(collection: Collection, options: BsonDocument): void {
  checkHint(collection, options["hint"]);
  checkCollation(options["collation"]);
}
