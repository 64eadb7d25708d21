import type { Table } from "../codec/table.ts";
import { isSameField, readText } from "./field.ts";

const modes = new Set(["all", "any", "all-with-x", "any-with-x"]);

/** The `x-match` of a binding's arguments; undefined when it is not one of the four words. */
export function readMatchMode(pattern: Table): string | undefined {
  const field = pattern.get("x-match");
  if (field === undefined) return "all";
  const mode = readText(field);
  return mode !== undefined && modes.has(mode) ? mode : undefined;
}

/** Whether message headers match the arguments of a binding to a headers exchange. */
export function isHeadersMatch(pattern: Table, headers: Table): boolean {
  const mode = readMatchMode(pattern) ?? "all";
  const withX = mode.endsWith("-with-x");
  const wanted = [...pattern].filter(([key]) => key !== "x-match" && (withX || !key.startsWith("x-")));
  const isHit = ([key, field]: (typeof wanted)[number]): boolean =>
    headers.has(key) && (field.type === "void" || isSameField(field, headers.get(key)));
  return mode.startsWith("any") ? wanted.some(isHit) : wanted.every(isHit);
}
