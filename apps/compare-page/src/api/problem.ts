/** What went wrong with a call, in words for the person at the screen. */
export interface Problem {
  /** Compare's own code, `TRACE_NOT_FOUND`; `UNREACHABLE`, `TIMED_OUT` or `NOT_UNDERSTOOD` when it said none. */
  readonly code: string;
  /** The answer's status; undefined when there was no answer. */
  readonly status?: number;
  readonly title: string;
  /** What to do about it. */
  readonly message: string;
}

/** Every call answers with a value or with a problem; none of them throws. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

/** An answer that is no success: `{ error: { code, message } }`, or whatever a proxy sends. */
export function readProblem(status: number, body: unknown): Problem {
  const { error } = (body ?? {}) as { error?: { code?: unknown; message?: unknown } };
  if (typeof error?.code !== "string" || typeof error.message !== "string") return readStrangeAnswer(status);
  return {
    code: error.code,
    status,
    title: titles[error.code] ?? "Compare could not do this",
    message: error.message,
  };
}

const titles: Readonly<Record<string, string>> = {
  TRACE_NOT_FOUND: "Nothing of this trace is here",
  SPAN_NOT_FOUND: "Nothing of this span is here",
  SOURCE_UNKNOWN: "There is no such source",
  UNREACHABLE: "The source does not answer",
  TIMED_OUT: "The source took too long",
  UNAUTHORISED: "The source lets nobody in",
  RATE_LIMITED: "The source wants fewer questions",
  TOO_LARGE: "The trace is too large",
  ANSWER_NOT_UNDERSTOOD: "The source answered something else",
  INTERNAL: "Compare failed",
};

/** Compare answers with JSON only: something else stands between, or in its place. */
export function readStrangeAnswer(status: number): Problem {
  return {
    code: "NOT_UNDERSTOOD",
    status,
    title: "Compare did not answer as it should",
    message: `The answer has status ${status} and is not what this page understands. Is another program at this address?`,
  };
}

/** A call that got no answer at all. */
export function readFailure(error: unknown, timeoutMillis: number): Problem {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return {
      code: "TIMED_OUT",
      title: "Compare took too long",
      message: `There was no answer within ${timeoutMillis / 1000} seconds. Try again.`,
    };
  }
  return {
    code: "UNREACHABLE",
    title: "Compare cannot be reached",
    message: "Is it still running? Start the stack with npm start; this page goes on where it was.",
  };
}
