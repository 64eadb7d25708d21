/** An attribute as Sentry's items (spans, logs) carry it. */
export interface TypedAttribute {
  readonly value: string | boolean | number | readonly (string | boolean | number)[];
  readonly type: "string" | "boolean" | "integer" | "double" | "array";
}

/** Gives each value its type. What the protocol has no type for (objects, null, NaN) is left out. */
export function typeAttributes(
  attributes: Readonly<Record<string, unknown>>,
): Record<string, TypedAttribute> {
  const typed: Record<string, TypedAttribute> = {};
  for (const key of Object.keys(attributes)) {
    const attribute = typeValue(attributes[key]);
    if (attribute) typed[key] = attribute;
  }
  return typed;
}

function typeValue(value: unknown): TypedAttribute | undefined {
  if (Array.isArray(value)) return { value: value.filter(isScalar).map(toWellFormed), type: "array" };
  if (!isScalar(value)) return undefined;
  if (typeof value === "number") return { value, type: Number.isInteger(value) ? "integer" : "double" };
  if (typeof value === "boolean") return { value, type: "boolean" };
  return { value: toWellFormed(value), type: "string" };
}

export function isScalar(value: unknown): value is string | boolean | number {
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}

/** Half a surrogate pair, as cutting a text leaves it, is no valid UTF-8 and would have the whole item refused. */
export function toWellFormed<T>(value: T): T {
  return (typeof value === "string" ? value.toWellFormed() : value) as T;
}

/** About how many bytes typed attributes take as JSON; exact enough for limits. */
export function estimateSize(attributes: Readonly<Record<string, TypedAttribute>>): number {
  let size = 0;
  for (const [key, { value }] of Object.entries(attributes)) {
    size += key.length + 40 + (Array.isArray(value) ? estimateArray(value) : String(value).length);
  }
  return size;
}

function estimateArray(values: readonly unknown[]): number {
  return values.reduce<number>((size, value) => size + String(value).length + 3, 0);
}
