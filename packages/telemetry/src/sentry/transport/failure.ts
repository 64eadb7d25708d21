import { isTemporaryFailure, readRetryAfterMillis } from "../../http/back-off.ts";
import { describeError } from "../../http/describe-error.ts";
import type { PostResponse } from "../../http/post.ts";

/** Why an attempt failed that may be repeated. */
export interface Failure {
  readonly reason: "network_error" | "send_error";
  readonly message: string;
  /** Whether Sentry can have taken the envelope all the same. */
  readonly mayHaveArrived: boolean;
  readonly retryAfterMillis?: number | undefined;
}

/** Errors that come before a connection: nothing can have arrived. */
const NOT_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

export function readNetworkFailure(error: unknown): Failure {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return {
    reason: "network_error",
    message: describeError(error),
    mayHaveArrived: !NOT_CONNECTED.has(code),
  };
}

/** `undefined` for an answer that is final. */
export function readFailureAnswer(response: PostResponse): Failure | undefined {
  const { statusCode } = response;
  if (!isTemporaryFailure(statusCode)) return undefined;
  return {
    reason: "send_error",
    message: `the answer was ${statusCode}`,
    // A gateway that got no good answer cannot know what became of the request.
    mayHaveArrived: statusCode !== 503,
    retryAfterMillis: readRetryAfterMillis(response),
  };
}
