import type { Field, FieldType, Table } from "../codec/table.ts";

const integerTypes = new Set<FieldType>([
  "byte",
  "unsignedbyte",
  "short",
  "unsignedshort",
  "signedint",
  "unsignedint",
  "long",
]);

/** The integer in a field of any width, undefined when it holds something else. */
export function readInteger(field: Field | undefined): number | undefined {
  return field !== undefined && integerTypes.has(field.type) ? Number(field.value) : undefined;
}

export function readText(field: Field | undefined): string | undefined {
  return field?.type === "longstr" ? field.value : undefined;
}

/** Equal in meaning: integers of different widths are equal, everything else needs the same type and value. */
export function isSameField(one: Field | undefined, other: Field | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const [integer, otherInteger] = [readInteger(one), readInteger(other)];
  if (integer !== undefined && otherInteger !== undefined) return integer === otherInteger;
  if (one.type === "table" && other.type === "table") return isSameTable(one.value, other.value);
  if (one.type === "array" && other.type === "array") {
    const items = other.value;
    return one.value.length === items.length && one.value.every((item, at) => isSameField(item, items[at]));
  }
  if (one.type === "decimal" && other.type === "decimal") {
    return one.value.scale === other.value.scale && one.value.digits === other.value.digits;
  }
  return one.type === other.type && one.value === other.value;
}

export function isSameTable(one: Table, other: Table): boolean {
  return one.size === other.size && [...one].every(([key, field]) => isSameField(field, other.get(key)));
}

/** How RabbitMQ words an argument in "inequivalent arg" errors: with its type when only one side has it. */
export function describeField(field: Field | undefined, isTyped: boolean): string {
  if (field === undefined) return "none";
  const value = typeof field.value === "object" ? "…" : String(field.value);
  return isTyped ? `the value '${value}' of type '${field.type}'` : `'${value}'`;
}
