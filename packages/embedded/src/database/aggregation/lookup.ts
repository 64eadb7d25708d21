import { createError, createUnsupportedError } from "../errors.ts";
import { findMatches } from "../read/match.ts";
import { setComputed } from "../read/set-computed.ts";
import { reachLeaves } from "../values/path.ts";
import type { BsonDocument } from "../values/types.ts";
import { readStageDocument } from "./group.ts";
import type { CreateStage } from "./stage.ts";

const FIELDS = ["from", "localField", "foreignField", "as"];

/** The equality form only: https://www.mongodb.com/docs/manual/reference/operator/aggregation/lookup/ */
export const createLookupStage: CreateStage = (operand, scope) => {
  const specification = readStageDocument("$lookup", operand);
  for (const name of Object.keys(specification)) {
    if (name === "pipeline" || name === "let") throw createUnsupportedError(`$lookup with '${name}'`);
    if (!FIELDS.includes(name)) throw createError("FailedToParse", `unknown argument to $lookup: ${name}`);
  }
  const [from, localField, foreignField, as] = FIELDS.map((name) => {
    const value = specification[name];
    if (typeof value !== "string") {
      throw createError("FailedToParse", `$lookup argument '${name}' must be a string`);
    }
    return value;
  });
  return (documents) =>
    documents.map((document) => {
      const values = reachLeaves(document, localField ?? "").map(({ value }) => value ?? null);
      const filter = { [foreignField ?? ""]: { $in: values } };
      const found = findMatches(scope.collection(from ?? ""), filter, scope).map((match) => match.document);
      return setComputed(document, (as ?? "").split("."), found) as BsonDocument;
    });
};
