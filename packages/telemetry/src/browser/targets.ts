import { parsePattern } from "../config/parse.ts";
import type { TargetPattern } from "../propagation/index.ts";

/**
 * Whom the page sends headers to, as `createTargetTest` wants it: the application's own list, or else that of the server,
 * or else the page's own origin.
 */
export function readPageTargets(
  own: readonly TargetPattern[] | undefined,
  configured: readonly string[] | undefined,
  origin: string,
): readonly TargetPattern[] {
  if (own !== undefined) return Array.isArray(own) ? own.map((target) => addOrigin(target, origin)) : own;
  if (configured === undefined) return [`${origin}/`];
  const patterns = configured.map(parsePattern).filter((pattern) => pattern !== undefined);
  return patterns.map((target) => addOrigin(target, origin));
}

/** A path alone names the page's own server: anybody else could have the same path. */
function addOrigin(target: TargetPattern, origin: string): TargetPattern {
  return typeof target === "string" && target.startsWith("/") ? `${origin}${target}` : target;
}
