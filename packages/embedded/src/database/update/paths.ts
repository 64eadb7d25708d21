import { createError } from "../errors.ts";
import type { Matcher } from "../query/matcher.ts";
import { formatValue } from "../values/format.ts";
import { isIndex } from "../values/path.ts";
import { isDocument, readField } from "../values/types.ts";

/** MongoDB's limit for `$set: { "a.1500001": … }` on a short array. */
const MAX_PADDING = 1_500_000;

/** What the positional parts of an update path stand for. */
export interface PositionalScope {
  /** The element the query matched: `$`. */
  readonly element: number | undefined;
  /** `$[name]` → its array filter. */
  readonly arrayFilters: ReadonlyMap<string, Matcher>;
}

function readPart(value: unknown, part: string): unknown {
  if (Array.isArray(value)) return isIndex(part) ? (value[Number(part)] as unknown) : undefined;
  return isDocument(value) ? readField(value, part) : undefined;
}

/** Replaces `$`, `$[]` and `$[name]` by array indexes: one path for every element that is meant. */
export function resolvePositions(
  root: unknown,
  parts: readonly string[],
  scope: PositionalScope,
): string[][] {
  let resolved: { path: string[]; value: unknown }[] = [{ path: [], value: root }];
  for (const part of parts) {
    resolved = resolved.flatMap(({ path, value }) =>
      resolvePart(value, part, path, scope).map((next) => ({
        path: [...path, next],
        value: readPart(value, next),
      })),
    );
  }
  return resolved.map(({ path }) => path);
}

function resolvePart(
  value: unknown,
  part: string,
  path: readonly string[],
  scope: PositionalScope,
): readonly string[] {
  if (part === "$") {
    if (scope.element === undefined) {
      throw createError("BadValue", "The positional operator did not find the match needed from the query.");
    }
    return [String(scope.element)];
  }
  const filtered = /^\$\[(.*)\]$/.exec(part);
  if (!filtered) return [part];
  const name = filtered[1] ?? "";
  if (value === undefined) {
    throw createError(
      "BadValue",
      `The path '${path.join(".")}' must exist in the document in order to apply array updates.`,
    );
  }
  if (!Array.isArray(value)) {
    throw createError(
      "BadValue",
      `Cannot apply array updates to non-array element ${path.at(-1)}: ${formatValue(value)}`,
    );
  }
  const matches = name === "" ? () => true : scope.arrayFilters.get(name);
  if (!matches) throw createError("BadValue", `No array filter found for identifier '${name}' in path`);
  return value.flatMap((item: unknown, index) => (matches({ [name]: item }) ? [String(index)] : []));
}

/** The value at a path without positional parts; undefined when there is none. */
export function readAt(root: unknown, parts: readonly string[]): unknown {
  return parts.reduce(readPart, root);
}

function createPathError(part: string, holder: string | undefined, value: unknown): Error {
  return createError(
    "PathNotViable",
    `Cannot create field '${part}' in element {${holder ?? ""}: ${formatValue(value)}}`,
  );
}

/** Writes into `root`, creating documents on the way. Throws PathNotViable where something else is in the way. */
export function writeAt(root: unknown, parts: readonly string[], value: unknown): void {
  let container = root;
  for (const [depth, part] of parts.entries()) {
    const isLast = depth === parts.length - 1;
    const next = isLast ? value : (readPart(container, part) ?? undefined);
    if (Array.isArray(container)) {
      if (!isIndex(part)) throw createPathError(part, parts[depth - 1], container);
      padArray(container, Number(part));
      container = container[Number(part)] = next === undefined ? createContainer(container, part) : next;
    } else if (isDocument(container)) {
      container = container[part] = next === undefined ? createContainer(container, part) : next;
    } else {
      throw createPathError(part, parts[depth - 1], container);
    }
  }
}

/** A missing field on the way becomes a document; a null in its place stays and is then refused. */
function createContainer(container: unknown, part: string): unknown {
  return readPart(container, part) === null ? null : {};
}

function padArray(array: unknown[], index: number): void {
  if (index - array.length > MAX_PADDING) {
    throw createError("BadValue", `can't backfill more than ${MAX_PADDING} elements`);
  }
  while (array.length < index) array.push(null);
}

/** `$unset`: removes a field; an array element becomes null, so that the others keep their places. */
export function removeAt(root: unknown, parts: readonly string[]): void {
  const last = parts.at(-1);
  const container = readAt(root, parts.slice(0, -1));
  if (last === undefined) return;
  if (Array.isArray(container)) {
    if (isIndex(last) && Number(last) < container.length) container[Number(last)] = null;
  } else if (isDocument(container)) {
    delete container[last];
  }
}
