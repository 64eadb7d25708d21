import { SourceError } from "./source.ts";

/** 32 hexadecimal digits, and nothing that could be a part of a path. */
export function isTraceId(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text);
}

/**
 * The trace id in small letters.
 *
 * @throws SourceError `TRACE_ID_MALFORMED`
 */
export function readTraceId(text: string): string {
  if (isTraceId(text)) return text.toLowerCase();
  throw new SourceError("TRACE_ID_MALFORMED", "A trace id has 32 hexadecimal digits.");
}
