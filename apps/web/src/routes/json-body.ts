import express, { type NextFunction, type Request, type RequestHandler, type Response } from "express";
import { ApiError } from "./api-error.ts";

const maxBodyBytes = 16 * 1024;
const parse = express.json({ limit: maxBodyBytes });

/** Reads a JSON body; whatever else comes is answered with 400, 413 or 415. */
export const readJsonBody: readonly RequestHandler[] = [requireJson, readJson];

function requireJson(request: Request, _response: Response, next: NextFunction): void {
  // A request without a body has no content type to complain about; the body check names the field.
  if (request.is("application/json") === false) {
    throw new ApiError(415, "unsupported_media_type", "send JSON, with content-type application/json");
  }
  next();
}

function readJson(request: Request, response: Response, next: NextFunction): void {
  parse(request, response, (error: unknown) => next(describeError(error)));
}

/** The parser's own message quotes the body, and would stand on the span. https://github.com/expressjs/body-parser#errors */
function describeError(error: unknown): unknown {
  const type = error instanceof Error && "type" in error ? error.type : undefined;
  if (type === "entity.too.large") return new ApiError(413, "too_large", "the body is larger than 16 KiB");
  if (type === "entity.parse.failed") return new ApiError(400, "bad_json", "the body is not JSON");
  return error;
}
