import type { FastifyInstance } from "fastify";
import { createFastifyApp, type FastifyAppContext } from "@tracebridge/service/fastify";
import { addItemRoutes } from "./routes/items.ts";
import type { ItemStore } from "./store/items.ts";

/** The HTTP side of the factory service; the caller listens. */
export async function createServer(
  context: FastifyAppContext & { store: Pick<ItemStore, "find"> },
): Promise<FastifyInstance> {
  const app = createFastifyApp(context);
  addItemRoutes(app, context.store);
  await app.ready();
  return app;
}
