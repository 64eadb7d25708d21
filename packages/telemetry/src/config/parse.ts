import { MAX_INTEGER } from "./row.ts";

/** Longer lists are a mistake, in a variable as in what a page is told of it. */
export const MAX_LIST_ITEMS = 200;

/** What a text means, and what is wrong with it; both when only a part of it is usable. */
export interface Parsed<T> {
  readonly value?: T;
  readonly fault?: string;
}

export function parseInteger(text: string, minimum: number): Parsed<number> {
  const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= minimum && value <= MAX_INTEGER) return { value };
  return { fault: Number.isNaN(value) ? "not a whole number" : "out of range" };
}

export function parseRate(text: string): Parsed<number> {
  const value = /^\+?(\d+(\.\d*)?|\.\d+)(e-?\d{1,3})?$/i.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 1) return { value };
  return { fault: Number.isNaN(value) ? "not a number" : "out of range" };
}

export function parseUrl(text: string): Parsed<string> {
  if (!/^https?:\/\/[^/?#]/i.test(text) || !URL.canParse(text)) return { fault: "not a usable URL" };
  return { value: text };
}

/** Without `.` and `..`, which browsers take out of addresses. */
export function parsePath(text: string): Parsed<string> {
  const isPath = text.length <= 200 && /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/.test(text);
  return isPath ? { value: text } : { fault: "not a usable path" };
}

/** https://develop.sentry.dev/sdk/foundations/transport/authentication/ */
export function parseDsn(text: string): Parsed<string> {
  const shape = /^https?:\/\/\w+(:\w*)?@[^\s/@]+(\/[^\s?#]*)?\/\d+\/?$/;
  if (!shape.test(text) || !URL.canParse(text)) return { fault: "malformed" };
  return { value: text };
}

export function parseList<Choice extends string>(
  text: string,
  choices: readonly Choice[],
): Parsed<readonly Choice[]> {
  const members = splitList(text);
  const known = new Set<Choice>();
  const unknown: string[] = [];
  for (const member of members) {
    const choice = choices.find((candidate) => candidate === member.toLowerCase());
    if (choice === undefined) unknown.push(member);
    else known.add(choice);
  }
  const fault = unknown.length === 0 ? undefined : `unknown ${unknown.map((name) => `"${name}"`).join(", ")}`;
  if (known.size === 0) return { fault: fault ?? "empty list" };
  return { value: [...known], ...(fault !== undefined && { fault }) };
}

export function parseKeys(text: string): Parsed<readonly string[]> {
  const members = [...new Set(splitList(text))];
  if (members.length > MAX_LIST_ITEMS) return { fault: "malformed list" };
  const keys = members.filter((member) => /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(member));
  const fault = keys.length < members.length ? "malformed name" : undefined;
  if (keys.length === 0) return { fault: fault ?? "empty list" };
  return { value: keys, ...(fault !== undefined && { fault }) };
}

/** Key names are those of HTTP headers (RFC 9110, token), which covers resource attributes too. */
export function parsePairs(text: string): Parsed<Readonly<Record<string, string>>> {
  const pairs: Record<string, string> = {};
  let malformed = false;
  for (const member of splitList(text)) {
    const separator = member.indexOf("=");
    const key = member.slice(0, Math.max(separator, 0)).trim();
    const value = decode(member.slice(separator + 1).trim());
    if (/^[\w!#$%&'*+.^`|~-]+$/.test(key) && value !== undefined) pairs[key] = value;
    else malformed = true;
  }
  if (!malformed) return { value: pairs };
  return Object.keys(pairs).length === 0
    ? { fault: "malformed" }
    : { value: pairs, fault: "malformed member" };
}

/** A text that must be contained, or a regular expression that must match. */
export type Pattern = string | RegExp;

const REGULAR_EXPRESSION = /^\/(.+)\/([imsu]*)$/;

/**
 * A JSON array of texts, or a comma list for those without a comma; a member `/…/flags` is a regular expression. `[]`
 * is the empty list, which differs from no list.
 */
export function parsePatterns(text: string): Parsed<readonly Pattern[]> {
  const members = text.startsWith("[") ? readJsonTexts(text) : splitList(text);
  if (!members || members.length > MAX_LIST_ITEMS) return { fault: "malformed list" };
  const patterns = members.map(parsePattern).filter((pattern) => pattern !== undefined);
  if (patterns.length === members.length) return { value: patterns };
  return { fault: "malformed regular expression", ...(patterns.length > 0 && { value: patterns }) };
}

function readJsonTexts(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const texts = Array.isArray(value) ? value.filter((member) => typeof member === "string") : [];
    return Array.isArray(value) && texts.length === value.length ? texts : undefined;
  } catch {
    return undefined;
  }
}

/** A text as it is, or a regular expression in slashes. */
export function parsePattern(member: string): Pattern | undefined {
  const match = REGULAR_EXPRESSION.exec(member);
  if (!match)
    return member === "" || (member.startsWith("/") && member.endsWith("/") && member.length > 1)
      ? undefined
      : member;
  try {
    return new RegExp(match[1] ?? "", match[2]);
  } catch {
    return undefined;
  }
}

function splitList(text: string): string[] {
  return text
    .split(",")
    .map((member) => member.trim())
    .filter((member) => member !== "");
}

/** Control characters have no place in a header or an attribute; they would make every request fail. */
function decode(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text);
    return /\p{Cc}/u.test(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
}
