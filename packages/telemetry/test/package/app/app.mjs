// An ES module application in a project of its own: Express, fetch, and the OpenTelemetry API by itself.
import { once } from "node:events";
import { trace } from "@opentelemetry/api";
import { getTelemetry, withSpan } from "@tracebridge/telemetry";
import express from "express";

const app = express();
app.get("/users/:id", (_request, response) => {
  trace.getTracer("app").startActiveSpan("look up", (span) => span.end());
  withSpan("answer", () => response.json({}));
});
const server = app.listen(0, "127.0.0.1");
await once(server, "listening");
await (await fetch(`http://127.0.0.1:${server.address().port}/users/1`)).json();
server.close();
await getTelemetry().shutdown();
