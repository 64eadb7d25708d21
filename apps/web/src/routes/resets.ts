import { Router, type Request, type RequestHandler } from "express";
import type { Clock } from "../clock.ts";
import { limitRate, readClientKey } from "../rate-limit/rate-limit.ts";
import type { PasswordResets } from "../resets/password-resets.ts";
import type { ServerContext } from "../server.ts";
import { ApiError, createDatabaseAwayError } from "./api-error.ts";
import { readJsonBody } from "./json-body.ts";
import { readResetCompletion, readResetRequest } from "./reset-request.ts";

export interface ResetRoutesOptions {
  passwords: PasswordResets;
  /** Requests an hour. */
  limits: { perAddress: number; perClient: number };
  now: Clock;
}

type Context = Pick<ServerContext, "database" | "resets">;

/** `POST /users/reset-password` and `POST /users/reset-password/complete`. */
export function createResetRoutes({ database, resets }: Context): Router {
  const { passwords, limits, now } = resets;
  const router = Router();
  const limitClients = (): RequestHandler =>
    limitRate({ limit: limits.perClient, keyOf: readClientKey, now });
  const requirePrepared: RequestHandler = (_request, _response, next) => {
    next(database.isPrepared() ? undefined : createDatabaseAwayError());
  };
  router.post(
    "/users/reset-password",
    limitClients(),
    ...readJsonBody,
    requirePrepared,
    limitRate({
      limit: limits.perAddress,
      keyOf: (request) => passwords.hashAddress(readEmail(request)),
      now,
    }),
    async (request, response) => {
      await passwords.request(readEmail(request));
      // Word for word the same, whether or not somebody has the address.
      response.json({ message: "Password reset email sent" });
    },
  );
  router.post(
    "/users/reset-password/complete",
    limitClients(),
    ...readJsonBody,
    requirePrepared,
    async (request, response) => {
      const { token, password } = readResetCompletion(request.body);
      if (!(await passwords.complete(token, password))) {
        throw new ApiError(410, "gone", "the link was used or has expired; ask for a new one");
      }
      response.json({ message: "Password changed" });
    },
  );
  return router;
}

/** @throws ApiError 400 */
function readEmail(request: Request): string {
  return readResetRequest(request.body).email;
}
