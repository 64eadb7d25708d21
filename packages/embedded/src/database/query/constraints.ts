import { BSONRegExp } from "bson";
import { isNullish } from "../values/compare.ts";
import { type BsonDocument, isDocument, isOperatorDocument } from "../values/types.ts";

/** What a filter certainly demands of one field; used only to look at fewer documents, never to decide a match. */
export interface Constraint {
  /** One of these values, none of them null, an array or a regular expression. */
  equals?: readonly unknown[];
  /** The field exists and is not null. */
  isPresent?: boolean;
}

/** The constraints that every match fulfils, by dotted path. */
export function readConstraints(filter: BsonDocument): Map<string, Constraint> {
  const constraints = new Map<string, Constraint>();
  collect(filter, constraints);
  return constraints;
}

function collect(filter: BsonDocument, constraints: Map<string, Constraint>): void {
  for (const [name, operand] of Object.entries(filter)) {
    if (name === "$and" && Array.isArray(operand)) {
      for (const clause of operand as unknown[]) if (isDocument(clause)) collect(clause, constraints);
    } else if (!name.startsWith("$")) {
      const constraint = constraints.get(name) ?? {};
      constraints.set(name, { ...constraint, ...readConstraint(operand) });
    }
  }
}

function isPlainKey(value: unknown): boolean {
  return !isNullish(value) && !Array.isArray(value) && !(value instanceof BSONRegExp);
}

function readConstraint(operand: unknown): Constraint {
  if (!isOperatorDocument(operand)) return isPlainKey(operand) ? { equals: [operand], isPresent: true } : {};
  const constraint: Constraint = {};
  for (const [operator, value] of Object.entries(operand)) {
    if (operator === "$eq" && isPlainKey(value)) {
      constraint.equals = [value];
      constraint.isPresent = true;
    } else if (operator === "$in" && Array.isArray(value) && value.every(isPlainKey)) {
      constraint.equals ??= value;
      constraint.isPresent = true;
    } else if (["$gt", "$gte", "$lt", "$lte"].includes(operator) && isPlainKey(value)) {
      constraint.isPresent = true;
    }
  }
  return constraint;
}
