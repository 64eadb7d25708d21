import { isIP } from "node:net";
import type { Request, RequestHandler } from "express";
import { ipKeyGenerator, rateLimit, type AugmentedRequest } from "express-rate-limit";
import type { Clock } from "../clock.ts";
import { ApiError } from "../routes/api-error.ts";
import { RecentCounts } from "./recent-counts.ts";

export interface RateLimitOptions {
  /** Requests an hour for one key; the next one is answered with 429. */
  limit: number;
  /** Whom a request is counted for. */
  keyOf: (request: Request) => string;
  now: Clock;
}

const windowMillis = 60 * 60_000;
const counted = "rateLimit";

/** Answers with 429 and `Retry-After` when a key has had its requests of this hour. */
export function limitRate({ limit, keyOf, now }: RateLimitOptions): RequestHandler {
  return rateLimit({
    windowMs: windowMillis,
    limit,
    keyGenerator: keyOf,
    store: new RecentCounts({ windowMillis, now }),
    requestPropertyName: counted,
    // What is left would be told to whoever tries the address of somebody else.
    standardHeaders: false,
    legacyHeaders: false,
    handler: (request, _response, next) => {
      const { resetTime } = (request as AugmentedRequest)[counted] ?? {};
      const waitMillis = (resetTime?.getTime() ?? now() + windowMillis) - now();
      const retryAfterSeconds = Math.max(1, Math.ceil(waitMillis / 1000));
      const message = "there were too many requests; try again later";
      next(new ApiError(429, "too_many_requests", message, { retryAfterSeconds }));
    },
  });
}

/**
 * The client's address, as `TRUST_PROXY` has Express find it; of IPv6 the part a customer of a provider gets. What is no
 * address is one client: a proxy may pass anything on, of any length.
 */
export function readClientKey({ ip = "" }: Request): string {
  return isIP(ip) === 0 ? "" : ipKeyGenerator(ip);
}
