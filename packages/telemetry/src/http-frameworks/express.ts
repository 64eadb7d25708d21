import { context } from "@opentelemetry/api";
import { getRPCMetadata } from "@opentelemetry/core";
import type { ErrorRequestHandler, RequestHandler, Response } from "express";
import { handleFailure } from "./failed-request.ts";
import type { ErrorHandlerOptions } from "./failed-request.ts";
import { readRequestId, REQUEST_ID_HEADER } from "./request-id.ts";

export type { ErrorAnswer } from "./error-answer.ts";
export type { ErrorHandlerOptions } from "./failed-request.ts";

/**
 * Middleware that gives each request an id, put before everything else: the one of its `X-Request-ID` header where
 * that matches `^[A-Za-z0-9._-]{1,128}$`, otherwise a new one. It is answered in the same header, and stands as
 * `requestId` on every span, log record and error of the request, here and in the services called.
 */
export function requestContext(): RequestHandler {
  return (request, response, next) => {
    const id = readRequestId(request.url, request.headers[REQUEST_ID_HEADER]);
    if (id !== undefined && !response.headersSent) response.setHeader(REQUEST_ID_HEADER, id);
    next();
  };
}

/**
 * Error handler, put after everything else. Answers every error as JSON with the status it names, and reports it once:
 * from 500 on as an error, otherwise as a warning. An error after the answer has begun is reported and handed on, so
 * that Express ends the connection.
 */
export function errorHandler(options: ErrorHandlerOptions = {}): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, request, response, next) => {
    const route = getRPCMetadata(context.active())?.route;
    const requestId = readAnswered(response);
    const { method } = request;
    const answer = handleFailure(error, { method, route: route || undefined, requestId }, options);
    if (response.headersSent) {
      next(error);
      return;
    }
    response
      .status(answer.status)
      .set({ ...answer.headers })
      .json(answer.body);
  };
}

function readAnswered(response: Response): string | undefined {
  const id = response.getHeader(REQUEST_ID_HEADER);
  return typeof id === "string" ? id : undefined;
}
