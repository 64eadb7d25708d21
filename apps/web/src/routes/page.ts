import { extname, join } from "node:path";
import express, { Router } from "express";
import type { ServerContext } from "../server.ts";
import { ApiError } from "./api-error.ts";

/** First parts of the paths that belong to the API: what is unknown below them is answered in JSON. */
const apiPaths = /^\/(?:order|users|health|readiness|config\.json)(?:\/|$)/;

/** The built page, its settings, and the answer to every address nobody knows. */
export function createPageRoutes({
  pageDir,
  compareUrl,
}: Pick<ServerContext, "pageDir" | "compareUrl">): Router {
  const router = Router();
  router.get("/config.json", (_request, response) => {
    response.set("Cache-Control", "no-store").json(compareUrl === undefined ? {} : { compareUrl });
  });
  // Vite puts a hash of the content into the names of everything under assets/.
  router.use(
    "/assets",
    express.static(join(pageDir, "assets"), { immutable: true, maxAge: "1y", index: false }),
  );
  router.use(express.static(pageDir));
  router.use((request, response, next) => {
    const wantsPage = ["GET", "HEAD"].includes(request.method) && !apiPaths.test(request.path);
    if (!wantsPage || extname(request.path) !== "") {
      throw new ApiError(404, "not_found", "there is nothing at this address");
    }
    response.sendFile("index.html", { root: pageDir }, (error?: Error) => {
      if (!error || response.headersSent) return;
      next(
        new ApiError(503, "page_missing", "the page is not built: run npm run build -w @tracebridge/page"),
      );
    });
  });
  return router;
}
