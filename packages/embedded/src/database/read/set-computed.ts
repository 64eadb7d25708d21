import { isDocument } from "../values/types.ts";

/**
 * A copy of `container` with `value` at the dotted path, as `$addFields` does it: into every element of an array
 * on the way; what is no document on the way becomes one. `undefined` removes the field.
 */
export function setComputed(container: unknown, parts: readonly string[], value: unknown): unknown {
  const [part, ...rest] = parts;
  if (part === undefined) return value;
  if (Array.isArray(container)) return container.map((item: unknown) => setComputed(item, parts, value));
  const copy = isDocument(container) ? { ...container } : {};
  const next = rest.length === 0 ? value : setComputed(copy[part], rest, value);
  if (next === undefined) delete copy[part];
  else copy[part] = next;
  return copy;
}
