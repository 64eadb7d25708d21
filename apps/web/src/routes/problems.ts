import type { ErrorRequestHandler } from "express";
import { errorHandler } from "@tracebridge/telemetry/express";
import type { ServerContext } from "../server.ts";
import { ApiError, createDatabaseAwayError } from "./api-error.ts";

/** Answers every failed request in JSON; inner details go to the log and the error monitor, never to the client. */
export function answerProblems({
  logger,
  database,
}: Pick<ServerContext, "logger" | "database">): ErrorRequestHandler {
  return errorHandler({
    logger,
    warnings: false,
    createAnswer: (error) => {
      const { status, code, message, details } = describeProblem(error, database);
      const { field, retryAfterSeconds = status === 503 ? 1 : undefined } = details;
      return {
        status,
        body: { error: { code, message, ...(field ? { field } : {}) } },
        ...(retryAfterSeconds !== undefined && { headers: { "Retry-After": String(retryAfterSeconds) } }),
      };
    },
  });
}

function describeProblem(error: unknown, database: Pick<ServerContext["database"], "isOutage">): ApiError {
  if (error instanceof ApiError) return error;
  if (database.isOutage(error)) return createDatabaseAwayError();
  const status = readStatus(error);
  if (status >= 400 && status < 500) return new ApiError(status, "bad_request", "the request cannot be read");
  return new ApiError(500, "internal", "something went wrong; try again");
}

/** Errors of Express and its body parser carry `status`. https://github.com/expressjs/body-parser#errors */
function readStatus(error: unknown): number {
  const status = typeof error === "object" && error !== null && "status" in error && error.status;
  return typeof status === "number" ? status : 500;
}
