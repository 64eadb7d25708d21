import type { Reached } from "../values/path.ts";

/** What a match found out on its way; the update operator `$` needs it. */
export interface MatchDetails {
  /** Index of the array element that satisfied the condition. */
  element?: number;
}

export type Matcher = (document: unknown, details?: MatchDetails) => boolean;

/** What one field condition looks at. */
interface Target {
  /** Every value the path reaches, arrays at its end as well as their elements. */
  readonly leaves: () => readonly Reached[];
  /** Every value the path reaches, arrays at its end whole. */
  readonly values: () => readonly Reached[];
}

export type Condition = (target: Target, details?: MatchDetails) => boolean;

export function matchesAny(
  reached: readonly Reached[],
  test: (value: unknown) => boolean,
  details: MatchDetails | undefined,
): boolean {
  const found = reached.find(({ value }) => test(value));
  if (found === undefined) return false;
  if (details && found.element !== undefined) details.element = found.element;
  return true;
}
