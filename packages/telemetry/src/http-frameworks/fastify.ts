import type { FastifyPluginCallback } from "fastify";
import { handleFailure } from "./failed-request.ts";
import type { ErrorHandlerOptions } from "./failed-request.ts";
import { readRequestId, REQUEST_ID_HEADER } from "./request-id.ts";

export type { ErrorAnswer } from "./error-answer.ts";
export type { ErrorHandlerOptions } from "./failed-request.ts";

const plugin: FastifyPluginCallback<ErrorHandlerOptions> = (app, options, done) => {
  app.addHook("onRequest", (request, reply, next) => {
    const id = readRequestId(request.url, request.headers[REQUEST_ID_HEADER]);
    if (id !== undefined) reply.header(REQUEST_ID_HEADER, id);
    next();
  });
  app.setErrorHandler((error, request, reply) => {
    const answered = reply.getHeader(REQUEST_ID_HEADER);
    const failed = {
      method: request.method,
      route: request.routeOptions.url,
      requestId: typeof answered === "string" ? answered : undefined,
    };
    const { status, body, headers } = handleFailure(error, failed, options);
    return reply
      .code(status)
      .headers({ ...headers })
      .send(body);
  });
  done();
};

/**
 * Gives each request an id, as `requestContext()` does for Express, and answers and reports errors as its
 * `errorHandler()` does. It holds for the whole application that registers it, not for a scope of its own:
 * https://fastify.dev/docs/latest/Reference/Plugins/#handle-the-scope
 */
export const telemetryPlugin: FastifyPluginCallback<ErrorHandlerOptions> = Object.assign(plugin, {
  [Symbol.for("skip-override")]: true,
  [Symbol.for("fastify.display-name")]: "@tracebridge/telemetry",
});
