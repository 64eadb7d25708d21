import { readCompareAddress } from "../sources/compare-address.ts";
import { SourceError } from "../sources/source.ts";
import { CommandError } from "./command-error.ts";

/**
 * Where compare runs, without user and password, and without a slash at the end.
 *
 * @throws CommandError when COMPARE_URL or COMPARE_PORT cannot be used
 */
export function readCompareUrl(env: NodeJS.ProcessEnv): string {
  try {
    return readCompareAddress(env).base;
  } catch (error) {
    if (error instanceof SourceError) throw new CommandError(2, error.message);
    throw error;
  }
}
