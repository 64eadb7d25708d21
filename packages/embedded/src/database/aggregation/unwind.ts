import { formatValue } from "../values/format.ts";
import { Long } from "bson";
import { createLocationError } from "../errors.ts";
import { readAt } from "../update/paths.ts";
import { isNullish } from "../values/compare.ts";
import { type BsonDocument, isDocument } from "../values/types.ts";
import { setComputed } from "../read/set-computed.ts";
import type { CreateStage } from "./stage.ts";

interface Unwind {
  readonly parts: readonly string[];
  readonly indexField: string | undefined;
  readonly keepsEmpty: boolean;
}

function readUnwind(specification: unknown): Unwind {
  const operand = typeof specification === "string" ? { path: specification } : specification;
  if (!isDocument(operand)) {
    throw createLocationError(
      15981,
      "expected either a string or an object as specification for $unwind stage",
    );
  }
  const { path, includeArrayIndex, preserveNullAndEmptyArrays, ...others } = operand;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw createLocationError(28811, `unrecognized option to $unwind stage: ${unknown}`);
  }
  if (typeof path !== "string" || !path.startsWith("$") || path.length < 2) {
    throw createLocationError(
      28818,
      `path option to $unwind stage should be prefixed with a '$': ${formatValue(path)}`,
    );
  }
  if (includeArrayIndex !== undefined && typeof includeArrayIndex !== "string") {
    throw createLocationError(
      28810,
      "expected a non-empty string for the includeArrayIndex option to $unwind",
    );
  }
  if (preserveNullAndEmptyArrays !== undefined && typeof preserveNullAndEmptyArrays !== "boolean") {
    throw createLocationError(
      28809,
      "expected a boolean for the preserveNullAndEmptyArrays option to $unwind",
    );
  }
  return {
    parts: path.slice(1).split("."),
    indexField: includeArrayIndex,
    keepsEmpty: preserveNullAndEmptyArrays === true,
  };
}

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/unwind/ */
export const createUnwindStage: CreateStage = (specification) => {
  const { parts, indexField, keepsEmpty } = readUnwind(specification);
  const place = (document: BsonDocument, value: unknown, index: number | null): BsonDocument => {
    const unwound = setComputed(document, parts, value) as BsonDocument;
    if (indexField === undefined) return unwound;
    return setComputed(
      unwound,
      indexField.split("."),
      index === null ? null : Long.fromNumber(index),
    ) as BsonDocument;
  };
  return (documents) =>
    documents.flatMap((document) => {
      const value = readAt(document, parts);
      if (Array.isArray(value) && value.length > 0) {
        return value.map((item: unknown, index) => place(document, item, index));
      }
      const isEmpty = isNullish(value) || Array.isArray(value);
      if (isEmpty && !keepsEmpty) return [];
      return [place(document, Array.isArray(value) ? undefined : value, null)];
    });
};
