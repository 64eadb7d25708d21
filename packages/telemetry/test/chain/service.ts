// One service of a chain; what was registered before it decides which SDK watches it. A request to /hop and a message
// to its QUEUE both carry the rest of the route, and are passed on in kind. On standard output: its port, and the
// headers of everything that arrived. It ends when its standard input does.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import amqp from "amqplib";
import express from "express";

type Transport = "http" | "amqp";

const host = "127.0.0.1";
const queue = process.env["QUEUE"] ?? "";
const say = (line: Record<string, unknown>): void => console.log(JSON.stringify(line));
const arrived = (transport: Transport, headers: object): void => say({ arrived: transport, headers });

/** What is done for the latest message. */
let work: Promise<unknown> = Promise.resolve();
const connection = await amqp.connect(process.env["AMQP_URL"] ?? "");
const channel = await connection.createConfirmChannel();
await channel.assertQueue(queue);
await channel.consume(queue, (message) => {
  if (!message) return;
  const { route } = JSON.parse(message.content.toString()) as { route: string[] };
  arrived("amqp", message.properties.headers ?? {});
  work = goOn("amqp", route).then(
    () => channel.ack(message),
    () => channel.nack(message, false, false),
  );
});

async function goOn(transport: Transport, [next, ...route]: string[]): Promise<void> {
  if (next === undefined) return;
  if (transport === "http") {
    const answer = await fetch(`${next}/hop?route=${encodeURIComponent(route.join(","))}`);
    await answer.text();
    return;
  }
  channel.sendToQueue(next, Buffer.from(JSON.stringify({ route })));
  await channel.waitForConfirms();
}

const readRoute = (query: unknown): string[] =>
  String(query)
    .split(",")
    .filter((step) => step !== "");

const app = express();
app.get("/start/:transport", async (request, response) => {
  await goOn(request.params.transport === "amqp" ? "amqp" : "http", readRoute(request.query["route"]));
  response.end();
});
app.get("/hop", async (request, response) => {
  arrived("http", request.headers);
  await goOn("http", readRoute(request.query["route"]));
  response.end();
});
const server = createServer(app).listen(0, host);
await once(server, "listening");
say({ url: `http://${host}:${(server.address() as AddressInfo).port}` });

await once(process.stdin.resume(), "end");
await work;
await connection.close();
server.close();
server.closeAllConnections();
