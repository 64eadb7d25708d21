import express, { type Request, type RequestHandler, type Response } from "express";
import { ApiError } from "./api-error.ts";

const maxBodyBytes = 16 * 1024;

/** Reads a JSON body; whatever else comes is answered with 400, 413 or 415. */
export const readJsonBody: readonly RequestHandler[] = [requireJson, express.json({ limit: maxBodyBytes })];

function requireJson(request: Request, _response: Response, next: () => void): void {
  // A request without a body has no content type to complain about; the body check names the field.
  if (request.is("application/json") === false) {
    throw new ApiError(415, "unsupported_media_type", "send JSON, with content-type application/json");
  }
  next();
}
