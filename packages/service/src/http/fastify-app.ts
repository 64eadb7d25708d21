import Fastify, { type FastifyInstance } from "fastify";
import { telemetryPlugin } from "@tracebridge/telemetry/fastify";
import type { ErrorAnswer } from "@tracebridge/telemetry/fastify";
import type { Database } from "../database/index.ts";
import type { Logger } from "@tracebridge/telemetry/logger";
import { readHealth } from "./health.ts";
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
  void app.register(telemetryPlugin, {
    logger,
    warnings: false,
    createAnswer: (error) => describeProblem(error, database),
  });
  app.get("/health", () => readHealth());
  app.get("/readiness", async (_request, reply) => {
    const { status, body } = await readReadiness();
    return reply.code(status).send(body);
  });
  return app;
}

function describeProblem(error: unknown, database: Pick<Database, "isOutage">): ErrorAnswer {
  const status = readStatus(error);
  if (status < 500) return createAnswer(status, "bad_request", "the request cannot be read");
  if (database.isOutage(error)) return createAnswer(503, "unavailable", "the database is away; try again");
  return createAnswer(500, "internal", "something went wrong; try again");
}

function createAnswer(status: number, code: string, message: string): ErrorAnswer {
  return { status, body: { error: { code, message } } };
}

/** Fastify's own errors carry `statusCode`. https://fastify.dev/docs/latest/Reference/Errors/ */
function readStatus(error: unknown): number {
  const status = typeof error === "object" && error !== null && "statusCode" in error && error.statusCode;
  return typeof status === "number" ? status : 500;
}
