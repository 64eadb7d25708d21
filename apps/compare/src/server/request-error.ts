import { SourceError, type SourceErrorCode } from "../sources/source.ts";
import { RequestError } from "./answer.ts";

const statuses: Readonly<Record<SourceErrorCode, number>> = {
  SOURCE_UNKNOWN: 400,
  TRACE_ID_MALFORMED: 400,
  FILE_UNREADABLE: 500,
  UNREACHABLE: 502,
  REDIRECTED: 502,
  UNAUTHORISED: 502,
  TOO_LARGE: 502,
  ANSWER_NOT_UNDERSTOOD: 502,
  RATE_LIMITED: 503,
  TIMED_OUT: 504,
};

/** What is told to the page; undefined for what is a fault of compare's own. */
export function readRequestError(error: unknown): RequestError | undefined {
  if (error instanceof RequestError) return error;
  if (error instanceof SourceError) return new RequestError(statuses[error.code], error.code, error.message);
  return undefined;
}
