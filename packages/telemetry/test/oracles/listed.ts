import type { Difference } from "../parity/compare-spans.ts";
import { anything } from "../parity/known-differences.ts";

type Value = string | typeof anything | undefined;

/** Differences between Sentry's own parts and ours that stay, for one reason. */
export interface KnownDifference {
  readonly reason: string;
  readonly listed: readonly Listed[];
}

/** One difference in each of these fields, at each of these paths, or anywhere where none is given; all must occur. */
interface Listed {
  readonly paths?: readonly string[];
  readonly fields: readonly string[];
  /** Left out: not there at all. */
  readonly native?: Value;
  readonly ours?: Value;
}

interface Single {
  readonly path: string | undefined;
  readonly field: string;
  readonly native: Value;
  readonly ours: Value;
}

type Found = Omit<Difference, "origin">;

/** What was found and not listed, and what is listed and no longer found; nothing of either is what a test wants. */
export function checkListed(
  found: readonly Found[],
  known: readonly KnownDifference[],
): { readonly unlisted: Found[]; readonly gone: Single[] } {
  const singles = known.flatMap(({ listed }) => listed.flatMap(takeApart));
  return {
    unlisted: found.filter((difference) => !singles.some((single) => isListedAs(difference, single))),
    gone: singles.filter((single) => !found.some((difference) => isListedAs(difference, single))),
  };
}

function takeApart({ paths, fields, native, ours }: Listed): Single[] {
  return (paths ?? [undefined]).flatMap((path) => fields.map((field) => ({ path, field, native, ours })));
}

function isListedAs(difference: Found, single: Single): boolean {
  const fits = (value: string | undefined, expected: Value): boolean =>
    expected === anything ? value !== undefined : value === expected;
  return (
    (single.path === undefined || difference.path === single.path) &&
    difference.field === single.field &&
    fits(difference.native, single.native) &&
    fits(difference.ours, single.ours)
  );
}
