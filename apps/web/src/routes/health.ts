import { Router } from "express";
import { readHealth } from "@tracebridge/service";
import type { ServerContext } from "../server.ts";

export function createHealthRoutes({ readReadiness }: Pick<ServerContext, "readReadiness">): Router {
  const router = Router();
  router.get("/health", (_request, response) => {
    response.json(readHealth());
  });
  router.get("/readiness", async (_request, response) => {
    const { status, body } = await readReadiness();
    response.status(status).json(body);
  });
  return router;
}
