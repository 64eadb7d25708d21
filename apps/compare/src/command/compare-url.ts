import { readBaseUrl } from "../sources/base-url.ts";
import { CommandError } from "./command-error.ts";

/**
 * Where compare runs, without a slash at the end.
 *
 * @throws CommandError when COMPARE_URL is no address
 */
export function readCompareUrl(env: NodeJS.ProcessEnv): string {
  const text = env["COMPARE_URL"] || `http://localhost:${env["COMPARE_PORT"] || 8007}`;
  const address = readBaseUrl(text);
  if (address) return address.base;
  const variable = env["COMPARE_URL"] ? "COMPARE_URL" : "COMPARE_PORT";
  throw new CommandError(
    2,
    `${variable}="${env[variable]}" cannot be used: ` +
      (variable === "COMPARE_URL"
        ? "give the address of compare, such as http://localhost:8007."
        : "give the port of compare, such as 8007."),
  );
}
