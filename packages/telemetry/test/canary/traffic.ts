import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import * as Sentry from "@sentry/node";
import amqp from "amqplib";
import express from "express";
import { MongoClient } from "mongodb";
import type { Collection } from "mongodb";
import { captureError } from "@tracebridge/telemetry";
import { plantTraffic } from "./canaries.ts";
import type { TrafficPlace } from "./canaries.ts";
import { log, tracer } from "./say.ts";
import { throwBesideSecret } from "./source-line.ts";

const secretOf = (place: TrafficPlace): string => plantTraffic(place).text;
const markerOf = (place: TrafficPlace): string => plantTraffic(place).marker;
const recipient = process.env["RECIPIENT_URL"] ?? "";

/** One order through every library that is instrumented, with secrets in all that it sends. */
export async function runTraffic(): Promise<void> {
  const connection = await amqp.connect(process.env["AMQP_URL"] ?? "");
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue("jobs");
  const mongo = await new MongoClient(process.env["MONGO_URL"] ?? "").connect();
  const orders = mongo.db("web").collection<Record<string, unknown>>("order");
  const consumed = consumeOne(channel);
  const server = createServer(createApp(channel, orders)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await sendOrder(`http://127.0.0.1:${port}`);
  await consumed;
  await connection.close();
  await mongo.close();
  server.close();
}

async function sendOrder(web: string): Promise<void> {
  const query = new URLSearchParams({ [markerOf("query of a request")]: secretOf("query of a request") });
  await fetch(`${web}/order/1?${query.toString()}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      cookie: `theme=dark; sid=${secretOf("cookie of a request")}`,
      authorization: `Custom ${secretOf("authorization of a request")}`,
      "x-my-header": secretOf("header of a request"),
      "x-request-id": markerOf("logged headers"),
      "x-forwarded-for": "203.0.113.77",
      baggage: `other=${secretOf("baggage of others")}`,
    },
    body: JSON.stringify({ note: secretOf("body of a request") }),
  });
}

function createApp(
  channel: amqp.ConfirmChannel,
  orders: Collection<Record<string, unknown>>,
): express.Express {
  const app = express();
  app.use(express.json());
  app.post("/order/:id", async (incoming, response) => {
    for (const place of unseenPlaces) tracer.startSpan(markerOf(place)).end();
    Sentry.setUser({
      id: "user-7",
      email: `${secretOf("e-mail of the user")}@example.com`,
      ip_address: "203.0.113.78",
    });
    Sentry.setTag("user", markerOf("e-mail of the user"));
    const headers = {
      ...incoming.headers,
      "x-my-header": undefined,
      "set-cookie": [secretOf("logged headers")],
    };
    log.info(
      { headers, body: { [markerOf("logged body")]: 1, password: secretOf("logged body") } },
      "received",
    );
    await callRecipient();
    await useDatabase(orders);
    await publish(channel);
    captureError(new Error("failed in a request"));
    try {
      throwBesideSecret();
    } catch (error) {
      captureError(error);
    }
    response.setHeader("set-cookie", `sid=${secretOf("cookie of a response")}; Path=/`);
    response.json({ ok: true });
  });
  return app;
}

/** Nothing of these is told at all: their markers stand in the names of spans beside them. */
const unseenPlaces: readonly TrafficPlace[] = [
  "credentials of an http request",
  "header of a request",
  "authorization of a request",
  "cookie of a request",
  "cookie of a response",
  "body of a request",
  "baggage of others",
  "header of a message",
  "body of a message",
  "key of a document",
];

async function callRecipient(): Promise<void> {
  const queryOf = (place: TrafficPlace): string => `${markerOf(place)}=${secretOf(place)}`;
  await fetch(`${recipient}/fetched?${queryOf("query of a fetch")}`).then((answer) => answer.text());
  const { port } = new URL(recipient);
  const call = request({
    host: "127.0.0.1",
    port,
    path: `/requested?${queryOf("query of an http request")}`,
    auth: `app:${secretOf("credentials of an http request")}`,
  }).end();
  const [answer] = (await once(call, "response")) as [NodeJS.ReadableStream];
  await once(answer.resume(), "end");
}

/** What the database does not know it refuses: its answer may repeat the value, too. */
async function useDatabase(orders: Collection<Record<string, unknown>>): Promise<void> {
  const fieldOf = (place: TrafficPlace): Record<string, unknown> => ({ [markerOf(place)]: secretOf(place) });
  // The error names the index and repeats the value.
  const unique = fieldOf("duplicate key");
  await orders.createIndex({ [markerOf("duplicate key")]: 1 }, { unique: true, sparse: true });
  const operations: (() => Promise<unknown>)[] = [
    () => orders.find(fieldOf("filter of a find")).toArray(),
    () => orders.insertOne({ ...fieldOf("inserted document"), [`${secretOf("key of a document")} x`]: 1 }),
    () =>
      orders.find({ [markerOf("regular expression")]: new RegExp(secretOf("regular expression")) }).toArray(),
    () => orders.aggregate([{ $match: fieldOf("pipeline of an aggregation") }]).toArray(),
    () => orders.find({ [markerOf("$where")]: 1, $where: `this.a == "${secretOf("$where")}"` }).toArray(),
    () => orders.updateOne({ a: 1 }, { $set: fieldOf("update") }),
    () => orders.insertOne({ ...unique }),
    () => orders.insertOne({ ...unique }),
  ];
  for (const operate of operations) await operate().catch(captureError);
}

async function publish(channel: amqp.ConfirmChannel): Promise<void> {
  const headers = { authorization: secretOf("header of a message") };
  const body = JSON.stringify({ password: secretOf("body of a message") });
  channel.sendToQueue("jobs", Buffer.from(body), { messageId: "m1", headers });
  await channel.waitForConfirms();
}

function consumeOne(channel: amqp.ConfirmChannel): Promise<void> {
  return new Promise((resolve) => {
    void channel.consume("jobs", (message) => {
      if (!message) return;
      captureError(new Error("a message failed"));
      channel.ack(message);
      resolve();
    });
  });
}
