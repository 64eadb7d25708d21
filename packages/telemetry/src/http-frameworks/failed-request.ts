import { captureError, captureMessage, noteLogged } from "../errors/index.ts";
import { createErrorAnswer } from "./error-answer.ts";
import type { ErrorAnswer } from "./error-answer.ts";

export interface ErrorHandlerOptions {
  /** What the caller is told; default `{ error, requestId }` without any inner detail of a failure. */
  readonly createAnswer?: (error: unknown, requestId: string | undefined) => ErrorAnswer;
  /** Gets the errors that are answered with 500 and more. */
  readonly logger?: { error(fields: Readonly<Record<string, unknown>>, message: string): void };
  /** Whether errors answered with less than 500 are reported as warnings; default true. */
  readonly warnings?: boolean;
}

export interface FailedRequest {
  readonly method: string;
  /** As it was declared, `/order/:id`; never the path, which holds ids. */
  readonly route: string | undefined;
  readonly requestId: string | undefined;
}

/** Decides what a failed request is answered, and reports it: from 500 on as an error, otherwise as a warning. */
export function handleFailure(
  error: unknown,
  request: FailedRequest,
  options: ErrorHandlerOptions,
): ErrorAnswer {
  const answer = createAnswer(error, request.requestId, options);
  const { method, route } = request;
  const tags = {
    "http.request.method": method,
    ...(route !== undefined && { "http.route": route }),
    "http.response.status_code": String(answer.status),
  };
  const facts = { method, route, status_code: answer.status, request_id: request.requestId };
  if (answer.status >= 500) {
    if (options.logger) {
      options.logger.error({ err: error }, "Request failed");
      noteLogged(error);
    }
    captureError(error, { tags, contexts: { http: facts }, handled: false });
  } else if (options.warnings !== false) {
    // The text of the error stays out of the message: it may hold ids, and issues are grouped by it.
    const message = `${method} ${route ?? "without a route"} was answered with ${answer.status}`;
    captureMessage(message, {
      level: "warning",
      tags,
      contexts: { http: { ...facts, error: describe(error) } },
    });
  }
  return answer;
}

function createAnswer(
  error: unknown,
  requestId: string | undefined,
  options: ErrorHandlerOptions,
): ErrorAnswer {
  try {
    return options.createAnswer?.(error, requestId) ?? createErrorAnswer(error, requestId);
  } catch {
    // The caller must get an answer, and the error a report.
    return createErrorAnswer(undefined, requestId);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
}
