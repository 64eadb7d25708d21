import { readBaseUrl, type BaseUrl } from "./base-url.ts";
import { SourceError } from "./source.ts";

const defaultPort = "8007";

/**
 * Where compare runs, by `COMPARE_URL`, or by `COMPARE_PORT` on this machine.
 *
 * @throws SourceError `SOURCE_UNKNOWN`; what was given is not in the message, because it may hold a password
 */
export function readCompareAddress(env: NodeJS.ProcessEnv): BaseUrl {
  const url = env["COMPARE_URL"];
  const port = env["COMPARE_PORT"] || defaultPort;
  // With anything but digits behind the colon it could be another host.
  const address = readBaseUrl(url || (/^\d{1,5}$/.test(port) ? `http://localhost:${port}` : ""));
  if (address) return address;
  throw new SourceError(
    "SOURCE_UNKNOWN",
    url
      ? "COMPARE_URL cannot be used: give the address of compare, such as http://localhost:8007."
      : "COMPARE_PORT cannot be used: give the port of compare, such as 8007.",
  );
}
