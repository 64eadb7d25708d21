import { Timestamp } from "bson";
import { createError } from "../errors.ts";
import { calculate } from "../values/arithmetic.ts";
import { cloneValue } from "../values/clone.ts";
import { compareValues } from "../values/compare.ts";
import { formatValue } from "../values/format.ts";
import { isDocument, isNumeric, typeOf } from "../values/types.ts";
import { readAt, removeAt, writeAt } from "./paths.ts";

/** Where one operator acts: a path whose positional parts are resolved. */
export interface Place {
  readonly root: Record<string, unknown>;
  readonly parts: readonly string[];
  readonly now: Date;
}

export type ApplyOperator = (place: Place, operand: unknown) => void;

function describePlace(place: Place): string {
  return `{_id: ${formatValue(place.root["_id"])}} has the field '${place.parts.at(-1)}'`;
}

function applyArithmetic(name: "$inc" | "$mul"): ApplyOperator {
  return (place, operand) => {
    if (!isNumeric(typeOf(operand))) {
      const verb = name === "$inc" ? "increment" : "multiply";
      throw createError(
        "TypeMismatch",
        `Cannot ${verb} with non-numeric argument: {${place.parts.join(".")}: ${formatValue(operand)}}`,
      );
    }
    const current = readAt(place.root, place.parts);
    if (current === undefined) {
      const initial = name === "$inc" ? operand : calculate("multiply", operand, 0);
      writeAt(place.root, place.parts, initial);
      return;
    }
    if (!isNumeric(typeOf(current))) {
      throw createError(
        "TypeMismatch",
        `Cannot apply ${name} to a value of non-numeric type. ${describePlace(place)} of non-numeric type ${typeOf(current)}`,
      );
    }
    writeAt(place.root, place.parts, calculate(name === "$inc" ? "add" : "multiply", current, operand));
  };
}

function applyExtreme(accepts: (order: number) => boolean): ApplyOperator {
  return (place, operand) => {
    const current = readAt(place.root, place.parts);
    if (current === undefined || accepts(compareValues(operand, current))) {
      writeAt(place.root, place.parts, cloneValue(operand));
    }
  };
}

function applyCurrentDate(place: Place, operand: unknown): void {
  const type = isDocument(operand) && Object.keys(operand).length === 1 ? operand["$type"] : operand;
  if (type === "timestamp") {
    const seconds = Math.floor(place.now.getTime() / 1000);
    writeAt(place.root, place.parts, new Timestamp({ t: seconds, i: 1 }));
  } else if (typeof operand === "boolean" || type === "date") {
    writeAt(place.root, place.parts, new Date(place.now));
  } else {
    throw createError(
      "BadValue",
      `${typeOf(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    );
  }
}

function applyRename(place: Place, operand: unknown): void {
  if (typeof operand !== "string" || operand === "") {
    throw createError(
      "BadValue",
      `The 'to' field for $rename must be a string: ${place.parts.join(".")}: ${formatValue(operand)}`,
    );
  }
  const target = operand.split(".");
  for (const parts of [place.parts, target]) {
    const holders = parts.map((_, index) => readAt(place.root, parts.slice(0, index)));
    if (holders.some((holder) => Array.isArray(holder))) {
      throw createError(
        "BadValue",
        `The field '${parts.join(".")}' cannot be renamed: an array is on its path`,
      );
    }
  }
  const value = readAt(place.root, place.parts);
  if (value === undefined) return;
  removeAt(place.root, place.parts);
  removeAt(place.root, target);
  writeAt(place.root, target, value);
}

export const FIELD_OPERATORS: Readonly<Record<string, ApplyOperator>> = {
  $set: (place, operand) => writeAt(place.root, place.parts, cloneValue(operand)),
  $setOnInsert: (place, operand) => writeAt(place.root, place.parts, cloneValue(operand)),
  $unset: (place) => removeAt(place.root, place.parts),
  $inc: applyArithmetic("$inc"),
  $mul: applyArithmetic("$mul"),
  $min: applyExtreme((order) => order < 0),
  $max: applyExtreme((order) => order > 0),
  $currentDate: applyCurrentDate,
  $rename: applyRename,
};
