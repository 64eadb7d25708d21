import { startRequest } from "../business-context/index.ts";
import { isHealthPath } from "../sampling/health-paths.ts";

export const REQUEST_ID_HEADER = "x-request-id";

/**
 * The id of a request, which is answered under the same header; `undefined` for a health probe, of which nothing is
 * recorded.
 */
export function readRequestId(target: string, header: unknown): string | undefined {
  return isHealthPath(target.replace(/[?#].*/s, "")) ? undefined : startRequest(header);
}
