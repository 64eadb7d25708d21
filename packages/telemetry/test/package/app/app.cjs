// The same application in CommonJS.
const events = require("node:events");
const { trace } = require("@opentelemetry/api");
const { getTelemetry, withSpan } = require("@tracebridge/telemetry");
const express = require("express");

async function main() {
  const app = express();
  app.get("/users/:id", (_request, response) => {
    trace.getTracer("app").startActiveSpan("look up", (span) => span.end());
    withSpan("answer", () => response.json({}));
  });
  const server = app.listen(0, "127.0.0.1");
  await events.once(server, "listening");
  await (await fetch(`http://127.0.0.1:${server.address().port}/users/1`)).json();
  server.close();
  await getTelemetry().shutdown();
}

void main();
