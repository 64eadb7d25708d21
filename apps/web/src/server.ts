import express, { type Express } from "express";
import type { ServiceContext } from "@tracebridge/service";
import { createBrowserHost } from "@tracebridge/telemetry/browser-host";
import { requestContext } from "@tracebridge/telemetry/express";
import { allowOrigins } from "./routes/allow-origins.ts";
import { createHealthRoutes } from "./routes/health.ts";
import { createOrderRoutes } from "./routes/orders.ts";
import { createPageRoutes } from "./routes/page.ts";
import { answerProblems } from "./routes/problems.ts";
import { createResetRoutes, type ResetRoutesOptions } from "./routes/resets.ts";
import { addSecurityHeaders } from "./routes/security-headers.ts";
import type { TrustProxy } from "./config/trust-proxy.ts";
import type { OrderStore } from "./store/orders.ts";

export interface ServerContext extends Pick<ServiceContext<unknown>, "logger" | "readReadiness"> {
  database: Pick<ServiceContext<unknown>["database"], "isOutage" | "isPrepared">;
  store: Pick<OrderStore, "find" | "create">;
  resets: ResetRoutesOptions;
  /** Whose word on the client's address is taken: Express's setting `trust proxy`. */
  trustProxy: TrustProxy;
  /** Whose pages may call the API, beside our own. */
  corsOrigins: readonly string[];
  /** Folder of the built page. */
  pageDir: string;
  /** Where the two views of a trace are, if anywhere. */
  compareUrl: string | undefined;
}

/** The HTTP side of the web service: its API and the page. The caller listens. */
export function createServer(context: ServerContext): Express {
  const app = express();
  const host = createBrowserHost();
  app.disable("x-powered-by");
  app.set("trust proxy", context.trustProxy);
  // What pages tell of themselves is no request of the application.
  app.use(host.handler);
  app.use(requestContext());
  app.use(addSecurityHeaders);
  for (const handler of allowOrigins(context.corsOrigins)) app.use(["/order", "/users"], handler);
  app.use(createHealthRoutes(context));
  app.use(createOrderRoutes(context));
  app.use(createResetRoutes(context));
  app.use(createPageRoutes({ ...context, host }));
  app.use(answerProblems(context));
  return app;
}
