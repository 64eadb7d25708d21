// The application that both SDKs watch: whatever was registered before it decides which. It uses Sentry's functions
// as an application does that comes from Sentry's own SDK.
// AMQP_URL and MONGO_URL say where its servers are. It asks itself everything there is to ask, one after the other.
import { once } from "node:events";
import { createServer, get } from "node:http";
import { connect as openSocket } from "node:net";
import type { AddressInfo, Server } from "node:net";
import * as Sentry from "@sentry/node";
import { claimPort } from "@tracebridge/embedded/ports";
import amqp from "amqplib";
import express from "express";
import Fastify from "fastify";
import { MongoClient } from "mongodb";

const host = "127.0.0.1";
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const mongo = await new MongoClient(process.env["MONGO_URL"] ?? "").connect();
const orders = mongo.db("shop").collection<{ _id: string; status: string }>("order");
const connection = await amqp.connect(process.env["AMQP_URL"] ?? "");
const channel = await connection.createConfirmChannel();
await channel.assertExchange("events", "topic");
await channel.assertQueue("jobs");
await channel.assertQueue("made");
await channel.assertQueue("refused");
await channel.bindQueue("made", "events", "order.*");

const settled = (queue: string, work: (message: amqp.ConsumeMessage) => Promise<unknown>): Promise<void> =>
  new Promise((resolve, reject) => {
    const handle = (message: amqp.ConsumeMessage | null): void => {
      if (message) void work(message).then(() => resolve(), reject);
    };
    channel.consume(queue, handle).catch(reject);
  });
const consumed = [
  settled("jobs", async (message) => {
    await orders.findOneAndUpdate({ _id: "7" }, { $set: { status: "made" } });
    channel.ack(message);
  }),
  settled("made", async (message) => {
    await call(`${itemUrl}/item/consumed`);
    channel.ack(message);
  }),
  settled("refused", async (message) => {
    channel.nack(message, false, false);
  }),
];

/** Reads the answer, so that the connection is free for the next call. */
async function call(url: string, init?: RequestInit): Promise<void> {
  const answer = await fetch(url, init);
  await answer.text();
}

function publish(exchange: string, routingKey: string, options: amqp.Options.Publish = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    channel.publish(exchange, routingKey, Buffer.from("{}"), options, (error: unknown) => {
      if (error) reject(new Error("refused", { cause: error }));
      else resolve();
    });
  });
}

const item = Fastify();
item.addHook("onRequest", async () => {});
item.get("/item/:id", async () => ({ ok: true }));
item.get("/broken/:id", async () => {
  throw new Error("broken");
});
await item.listen({ port: 0, host });
const itemUrl = `http://${host}:${portOf(item.server)}`;

const nobodyUrl = `http://${host}:${await claimPort()}/nobody`;

const web = express();
web.use(express.json());
web.use((_request, _response, next) => next());
const routes = express.Router();
routes.get("/:id", async (_request, response) => {
  Sentry.setUser({ id: "u7" });
  Sentry.getIsolationScope().setAttributes({ tenant: "acme" });
  await orders.insertOne({ _id: "7", status: "new" });
  await orders.find({ status: "new" }).toArray();
  await orders.insertOne({ _id: "7", status: "again" }).catch(() => undefined);
  await call(`${itemUrl}/item/1?token=by-fetch`);
  await new Promise((resolve) =>
    get(`${itemUrl}/item/2?token=by-http`, (answer) => answer.resume().on("end", resolve)),
  );
  await call(`${itemUrl}/missing`, { method: "POST", body: "{}" });
  await call(`${itemUrl}/broken/1`);
  await fetch(nobodyUrl).catch(() => undefined);
  await new Promise((resolve) => get(nobodyUrl).on("error", resolve));
  await publish("", "jobs", { messageId: "m1", correlationId: "c1" });
  await publish("events", "order.made", { messageId: "m2" });
  await publish("", "refused");
  response.json({ ok: true });
});
web.use("/order", routes);
web.get("/broken/:id", () => {
  throw new Error("broken");
});
web.use((_error: unknown, _request: unknown, response: express.Response, _next: unknown) => {
  response.status(500).end();
});
const server = createServer(web).listen(0, host);
await once(server, "listening");

/** Asks through a bare socket, which neither SDK watches, so that the server's span is the first of its trace. */
async function ask(port: number, path: string, headers: readonly string[] = []): Promise<void> {
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${host}:${port}`, "Connection: close", ...headers, "", ""];
  const socket = openSocket(port, host).resume();
  socket.write(lines.join("\r\n"));
  await once(socket, "end");
}

await ask(portOf(server), "/order/7?token=first");
await Promise.all(consumed);
await ask(portOf(server), "/broken/7");
await ask(portOf(server), "/nowhere/7");
await ask(portOf(item.server), "/item/7", [
  "sentry-trace: 4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
  "baggage: sentry-trace_id=4bf92f3577b34da6a3ce929d0e0e4736,sentry-public_key=public,sentry-sample_rate=0.5," +
    "sentry-sampled=true,sentry-sample_rand=0.25,sentry-transaction=checkout,sentry-environment=elsewhere",
]);
// Without a sampling context, not sampled, and with the decision left to this process.
const parent = "00f067aa0ba902b7";
await ask(portOf(item.server), "/item/8", [`sentry-trace: 4bf92f3577b34da6a3ce929d0e0e4737-${parent}-1`]);
await ask(portOf(item.server), "/item/9", [`sentry-trace: 4bf92f3577b34da6a3ce929d0e0e4738-${parent}-0`]);
await ask(portOf(item.server), "/item/10", [`sentry-trace: 4bf92f3577b34da6a3ce929d0e0e4739-${parent}`]);
await connection.close();
await mongo.close();
await item.close();
server.close();
