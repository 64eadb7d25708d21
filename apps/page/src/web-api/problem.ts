type ProblemKind =
  | "unreachable"
  | "timed-out"
  | "cancelled"
  | "invalid"
  | "unknown-order"
  | "unusable-link"
  | "too-large"
  | "too-many"
  | "server"
  | "unexpected";

/** Why a call to the web service brought nothing, in words for the person in front of the page. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly title: string;
  readonly message: string;
  /** The member of the request that the service refused. */
  readonly field?: string;
}

/** An answer whose status is not 2xx. */
export interface Refusal {
  readonly status: number;
  /** The parsed JSON, if it was JSON. */
  readonly body: unknown;
  /** The header `Retry-After`: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
  readonly retryAfter?: string | null;
}

const longestServerMessage = 300;

/** The problem behind an answer whose status is not 2xx, whatever was asked for. */
export function readProblem({ status, body, retryAfter }: Refusal): Problem {
  const { message, field } = readErrorBody(body);
  if (status === 400) {
    const named = field === undefined ? "" : ` (field ${field})`;
    const said = message ?? "It gave no reason.";
    return { kind: "invalid", title: `The service refused the request${named}`, message: said, field };
  }
  if (status === 413) {
    return {
      kind: "too-large",
      title: "The request is too large",
      message: message ?? "The service takes smaller requests only. Type something shorter.",
    };
  }
  if (status === 429) {
    return {
      kind: "too-many",
      title: "Too many requests",
      message: `What you typed is kept: try again ${readPause(retryAfter)}.`,
    };
  }
  if (status >= 500) {
    const said = message === undefined ? "" : ` It said: ${message}`;
    return {
      kind: "server",
      title: `The service has a problem (status ${status})`,
      message: `Try again in a moment; its log says more.${said}`,
    };
  }
  return unexpected(`It answered with status ${status}. ${message ?? ""}`.trim());
}

/** The problem behind an answer that makes no sense. */
export function unexpected(message: string): Problem {
  return { kind: "unexpected", title: "The service gave an unexpected answer", message };
}

/** The problem behind a call that brought no answer at all. */
export function readFailure(error: unknown, timeoutMillis: number): Problem {
  const name = error instanceof Error ? error.name : "";
  if (name === "TimeoutError") {
    const seconds = Math.max(1, Math.round(timeoutMillis / 1000));
    return {
      kind: "timed-out",
      title: "The service does not answer",
      message: `There was no answer within ${seconds} s. What you typed is kept: try again.`,
    };
  }
  if (name === "AbortError")
    return { kind: "cancelled", title: "Cancelled", message: "Nobody waits for this answer." };
  return {
    kind: "unreachable",
    title: "The service cannot be reached",
    message: "Is it running, and is the network up? What you typed is kept: try again.",
  };
}

/** When to try again, for the end of a sentence; a date, which the header may also be, is as good as nothing here. */
function readPause(retryAfter: string | null | undefined): string {
  if (!/^\d{1,6}$/.test(retryAfter ?? "")) return "in a moment";
  const seconds = Number(retryAfter);
  if (seconds <= 1) return "in a second";
  if (seconds < 100) return `in ${seconds} seconds`;
  return `in ${Math.ceil(seconds / 60)} minutes`;
}

function readErrorBody(body: unknown): { message?: string; field?: string } {
  if (typeof body !== "object" || body === null) return {};
  const { error } = body as { error?: unknown };
  if (typeof error !== "object" || error === null) return {};
  const { message, field } = error as Record<string, unknown>;
  return {
    message:
      typeof message === "string" && message !== "" ? message.slice(0, longestServerMessage) : undefined,
    field: typeof field === "string" && field !== "" ? field : undefined,
  };
}
