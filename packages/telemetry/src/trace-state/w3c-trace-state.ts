/** Members of a `tracestate` header, newest first, as W3C wants them sent. */
export type TraceStateEntries = ReadonlyMap<string, string>;

const MAX_MEMBERS = 32;
/** 32 members of the greatest legal size; anything longer is not worth reading. */
const MAX_HEADER_LENGTH = 32 * 514;
// https://www.w3.org/TR/trace-context-2/#key: wider than in level 1, where an at sign had a meaning.
const KEY = /^[a-z0-9][a-z0-9_\-*/@]{0,255}$/;
// https://www.w3.org/TR/trace-context-2/#value
const VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

export function isTraceStateMember(key: string, value: string): boolean {
  return KEY.test(key) && VALUE.test(value);
}

/**
 * Reads `tracestate` by W3C's rules: one bad member, or more than 32, and the whole header is void; of a key that
 * comes twice the first counts. Returns `undefined` when nothing is left.
 * @see https://www.w3.org/TR/trace-context-2/#tracestate-header
 */
export function readTraceStateHeader(headers: readonly string[]): TraceStateEntries | undefined {
  const text = headers.join(",");
  if (text.length > MAX_HEADER_LENGTH) return undefined;
  const entries = new Map<string, string>();
  let members = 0;
  for (const raw of text.split(",")) {
    const member = trimOptionalSpace(raw);
    if (member === "") continue;
    const separator = member.indexOf("=");
    const key = member.slice(0, separator);
    const value = member.slice(separator + 1);
    members += 1;
    if (separator < 1 || members > MAX_MEMBERS || !isTraceStateMember(key, value)) return undefined;
    if (!entries.has(key)) entries.set(key, value);
  }
  return entries.size > 0 ? entries : undefined;
}

export function writeTraceStateHeader(entries: TraceStateEntries | undefined): string {
  return entries ? [...entries].map(([key, value]) => `${key}=${value}`).join(",") : "";
}

/** `entries` with one member added or replaced, which moves it to the front; the oldest gives way to a 33rd. */
export function withTraceStateMember(
  entries: TraceStateEntries | undefined,
  key: string,
  value: string,
): TraceStateEntries {
  const rest = [...(entries ?? [])].filter(([existing]) => existing !== key);
  return new Map([[key, value] as const, ...rest].slice(0, MAX_MEMBERS));
}

/** W3C's OWS is spaces and tabs, nothing else. */
export function trimOptionalSpace(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, "");
}
