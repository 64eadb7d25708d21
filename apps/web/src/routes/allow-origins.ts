import type { RequestHandler } from "express";
import cors from "cors";

/** Seconds for which a browser need not ask again. */
const maxAgeSeconds = 600;

/**
 * Lets pages of these origins call, and nobody else's; without cookies, since the API knows none. The three headers carry
 * the trace of a page.
 */
export function allowOrigins(origins: readonly string[]): RequestHandler[] {
  if (origins.length === 0) return [];
  const allowed = new Set<unknown>(origins);
  return [
    // The answer differs by origin, also where it allows nothing: a cache must know.
    (_request, response, next) => {
      response.vary("Origin");
      next();
    },
    cors({
      origin: (origin, answer) => answer(null, allowed.has(origin) ? origin : false),
      methods: ["GET", "POST"],
      allowedHeaders: ["content-type", "sentry-trace", "baggage", "traceparent"],
      exposedHeaders: ["retry-after", "x-request-id"],
      credentials: false,
      maxAge: maxAgeSeconds,
    }),
  ];
}
