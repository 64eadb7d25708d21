import type { Attributes } from "@opentelemetry/api";
import { cutText } from "../scrubbing/index.ts";

/** Bounds on what one breadcrumb, error or message brings along; what is beyond them is left out. */
const MAX_ATTRIBUTES = 32;
const MAX_DEPTH = 3;
const MAX_TEXT_LENGTH = 1_024;

/** `{ a: { b: 1 } }` as the attribute `<prefix>a.b`: flat, bounded, and without what cannot be read. */
export function flatten(prefix: string, values: Readonly<Record<string, unknown>> | undefined): Attributes {
  const attributes: Attributes = {};
  let left = MAX_ATTRIBUTES;
  const addMembers = (start: string, values: object, depth: number): void => {
    for (const [name, value] of readMembers(values)) {
      const single = readSingle(value);
      if (left <= 0) return;
      if (single !== undefined) {
        attributes[`${start}${name}`] = single;
        left -= 1;
      } else if (typeof value === "object" && value !== null && depth < MAX_DEPTH) {
        addMembers(`${start}${name}.`, value, depth + 1);
      }
    }
  };
  addMembers(prefix, values ?? {}, 1);
  return attributes;
}

function readSingle(value: unknown): string | number | boolean | undefined {
  if (typeof value === "string") return cutText(value, MAX_TEXT_LENGTH);
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "bigint" || value === null) return String(value);
  return value instanceof Error ? cutText(value.message, MAX_TEXT_LENGTH) : undefined;
}

function readMembers(value: object): [name: string, member: unknown][] {
  if (ArrayBuffer.isView(value)) return [];
  const members: [string, unknown][] = [];
  try {
    for (const name in value) {
      if (members.length >= MAX_ATTRIBUTES) break;
      if (Object.hasOwn(value, name)) members.push([name, (value as Record<string, unknown>)[name]]);
    }
  } catch {
    // A throwing getter or proxy of the application: what was read until here stays.
  }
  return members;
}
