import { join } from "node:path";
import express, { Router, type RequestHandler } from "express";
import type { BrowserHost } from "@tracebridge/telemetry/browser-host";
import { PageFile } from "../page/page-file.ts";
import type { ServerContext } from "../server.ts";
import { ApiError } from "./api-error.ts";

/** What the page shows something at; its own router knows the same ones. */
const pageRoutes = ["/", "/index.html", "/reset-password"];

const notFoundPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Not found · Tracebridge</title>
  </head>
  <body>
    <h1>There is nothing at this address</h1>
    <p><a href="/">Go to the order page</a></p>
  </body>
</html>
`;

interface PageContext extends Pick<ServerContext, "pageDir" | "compareUrl"> {
  host: Pick<BrowserHost, "renderHead">;
}

/** The built page, its settings, and the answer to every address nobody knows. */
export function createPageRoutes({ pageDir, compareUrl, host }: PageContext): Router {
  const router = Router();
  const file = new PageFile(pageDir);
  router.get("/config.json", (_request, response) => {
    response.set("Cache-Control", "no-store").json(compareUrl === undefined ? {} : { compareUrl });
  });
  const sendPage: RequestHandler = async (_request, response) => {
    // Each answer begins a trace that the page goes on with: nobody else may get it.
    response
      .set("Cache-Control", "no-store")
      .type("html")
      .send(await file.render(host.renderHead()));
  };
  // One by one: the span of a request has the name of its route.
  for (const route of pageRoutes) router.get(route, sendPage);
  // Vite puts a hash of the content into the names of everything under assets/.
  router.use(
    "/assets",
    express.static(join(pageDir, "assets"), { immutable: true, maxAge: "1y", index: false }),
  );
  router.use(express.static(pageDir, { index: false }));
  router.use(answerUnknown);
  return router;
}

/** People get a page, programs get JSON. */
const answerUnknown: RequestHandler = (request, response) => {
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (!isRead || request.accepts(["json", "html"]) !== "html") {
    throw new ApiError(404, "not_found", "there is nothing at this address");
  }
  response.status(404).set("Cache-Control", "no-store").type("html").send(notFoundPage);
};
