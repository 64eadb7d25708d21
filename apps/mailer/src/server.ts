import type { FastifyInstance } from "fastify";
import { createFastifyApp, type FastifyAppContext } from "@tracebridge/service/fastify";

/** The HTTP side of the mailer service, health and readiness only; the caller listens. */
export async function createServer(context: FastifyAppContext): Promise<FastifyInstance> {
  const app = createFastifyApp(context);
  await app.ready();
  return app;
}
