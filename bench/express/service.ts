import { Agent, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";

/** The measured service: one route that calls one leaf. It knows nothing of tracing. */
const agent = new Agent({ keepAlive: true });
const port = Number(process.env["LEAF_PORT"]);
const app = express();

app.get("/users/:id", (request, response, next) => {
  get({ host: "127.0.0.1", port, path: `/leaf/${request.params.id}`, agent }, (leaf: IncomingMessage) => {
    let body = "";
    leaf.setEncoding("utf8");
    leaf.on("data", (text: string) => (body += text));
    leaf.on("end", () => response.send(body));
  }).on("error", next);
});

const server = app.listen(0, "127.0.0.1", () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
);
server.keepAliveTimeout = 0;
