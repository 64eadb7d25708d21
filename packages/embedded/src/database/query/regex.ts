import { BSONRegExp, BSONSymbol } from "bson";
import { createLocationError, createUnsupportedError } from "../errors.ts";
import { createError } from "../errors.ts";

/**
 * Regular expressions run on JavaScript's engine, not PCRE: what JavaScript cannot compile is refused.
 * `i`, `m` and `s` mean the same in both; `x` has no counterpart.
 */
export function createRegexTest(regex: unknown, options?: unknown): (value: unknown) => boolean {
  const expression = createExpression(readPattern(regex), readOptions(regex, options));
  return (value) => {
    if (value instanceof BSONSymbol) return expression.test(value.valueOf());
    return typeof value === "string" && expression.test(value);
  };
}

function readPattern(regex: unknown): string {
  if (typeof regex === "string") return regex;
  if (regex instanceof BSONRegExp) return regex.pattern;
  throw createError("BadValue", "$regex has to be a string");
}

function readOptions(regex: unknown, options: unknown): string {
  const own = regex instanceof BSONRegExp ? regex.options : "";
  if (options === undefined) return own;
  if (typeof options !== "string") throw createError("BadValue", "$options has to be a string");
  if (own !== "") throw createLocationError(51075, "options set in both $regex and $options");
  return options;
}

function createExpression(pattern: string, options: string): RegExp {
  const flags = new Set(options);
  flags.delete("u"); // MongoDB accepts and ignores it: UTF-8 is always on
  for (const flag of flags) {
    if (flag === "x") throw createUnsupportedError("the regular expression option x");
    if (!"ims".includes(flag)) throw createLocationError(51108, `invalid flag in regex options: ${flag}`);
  }
  const text = [...flags].join("");
  try {
    return new RegExp(pattern, `${text}u`);
  } catch {
    try {
      return new RegExp(pattern, text); // PCRE allows needless escapes like `\-`, the u flag does not
    } catch (error) {
      throw createLocationError(51091, `Regular expression is invalid: ${String(error)}`);
    }
  }
}
