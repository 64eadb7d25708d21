import { isTemporaryFailure, readRetryAfterMillis } from "../../http/back-off.ts";
import { describeError } from "../../http/describe-error.ts";
import type { PostFailure, PostResponse } from "../../http/exchange.ts";

/** Why an attempt failed that may be repeated. */
export interface Failure {
  readonly reason: "network_error" | "send_error";
  readonly message: string;
  /** Whether Sentry can have taken the envelope all the same. */
  readonly mayHaveArrived: boolean;
  readonly retryAfterMillis?: number | undefined;
}

export function readPostFailure({ error, mayHaveArrived }: PostFailure): Failure {
  return { reason: "network_error", message: describeError(error), mayHaveArrived };
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
