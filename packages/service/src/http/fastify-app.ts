import Fastify, { type FastifyError, type FastifyInstance } from "fastify";
import { captureError } from "@tracebridge/telemetry";
import type { Database } from "../database/index.ts";
import type { Logger } from "../logging/logger.ts";
import type { Readiness } from "./readiness.ts";

export interface FastifyAppContext {
  logger: Logger;
  database: Pick<Database, "isOutage">;
  readReadiness: () => Promise<Readiness>;
}

/**
 * A Fastify application with `/health` and `/readiness` whose errors are JSON, `{error: {code, message}}`, and never
 * show an inner detail.
 */
export function createFastifyApp({ logger, database, readReadiness }: FastifyAppContext): FastifyInstance {
  const app = Fastify();
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: { code: "not_found", message: "there is nothing at this address" } }),
  );
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) {
      return reply
        .code(status)
        .send({ error: { code: "bad_request", message: "the request cannot be read" } });
    }
    logger.error({ err: error }, "Request failed");
    captureError(error);
    if (database.isOutage(error)) {
      return reply
        .code(503)
        .send({ error: { code: "unavailable", message: "the database is away; try again" } });
    }
    return reply.code(500).send({ error: { code: "internal", message: "something went wrong; try again" } });
  });
  app.get("/health", () => ({ status: "ok" }));
  app.get("/readiness", async (_request, reply) => {
    const { status, body } = await readReadiness();
    return reply.code(status).send(body);
  });
  return app;
}
