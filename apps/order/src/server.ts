import type { FastifyInstance } from "fastify";
import { createFastifyApp, type FastifyAppContext } from "@tracebridge/service/fastify";
import { addOrderRoutes } from "./routes/orders.ts";
import type { OrderStore } from "./store/orders.ts";

/** The HTTP side of the order service; the caller listens. */
export async function createServer(
  context: FastifyAppContext & { store: Pick<OrderStore, "find"> },
): Promise<FastifyInstance> {
  const app = createFastifyApp(context);
  addOrderRoutes(app, context.store);
  await app.ready();
  return app;
}
