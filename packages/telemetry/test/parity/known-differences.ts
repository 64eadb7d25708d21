/** A value that differs between two runs or says nothing; that it is there is what counts. */
export const anything = Symbol("anything");
type Value = string | typeof anything | undefined;

/** One difference, for spans of each of these origins and for each of these fields; all of them must occur. */
interface Listed {
  readonly origins: readonly string[];
  readonly fields: readonly string[];
  /** Left out: not there at all. Attributes are written as JSON. */
  readonly native?: Value;
  readonly ours?: Value;
}

/** Differences between Sentry's own SDK and ours that stay, for one reason. */
export interface KnownDifference {
  readonly reason: string;
  readonly listed: readonly Listed[];
}

const server = "auto.http.http_server";
const nodeHttp = "auto.http.client";
const fetching = "auto.http.node_fetch";
const express = "auto.http.express";
const fastify = "auto.http.fastify";
const mongo = "auto.db.mongo";
const publisher = "auto.queue.amqplib.publisher";
const consumer = "auto.queue.amqplib.consumer";
const all = [server, nodeHttp, fetching, express, fastify, mongo, publisher, consumer];
const attributes = (...names: string[]): string[] => names.map((name) => `attribute ${name}`);
const shape = (collection: string): string =>
  `{"findAndModify":"${collection}","query":{"_id":"?"},"remove":"?","new":"?","upsert":"?",` +
  `"update":{"$set":{"status":"?"}}}`;

export const knownDifferences: readonly KnownDifference[] = [
  {
    reason:
      "Middleware, routers and hooks end before the business id is known, so they are not recorded. " +
      "Their children belong to the span above.",
    listed: [
      { origins: [express, fastify], fields: ["span"], native: "middleware" },
      { origins: [express], fields: ["span"], native: "router" },
    ],
  },
  {
    reason:
      "The MongoDB driver sends some commands to the pseudo collection $cmd. OpenTelemetry's conventions want the real " +
      "collection in name and attributes, and every exporter gets it.",
    listed: [
      { origins: [mongo], fields: ["name"], native: "findAndModify $cmd", ours: "findAndModify order" },
      { origins: [mongo], fields: attributes("db.collection.name"), native: '"$cmd"', ours: '"order"' },
      {
        origins: [mongo],
        fields: attributes("db.query.text"),
        native: JSON.stringify(shape("?")),
        ours: JSON.stringify(shape("order")),
      },
    ],
  },
  {
    reason:
      "OpenTelemetry's current conventions, which every exporter gets: protocol names are lower case, messaging.system " +
      "is rabbitmq whatever the broker calls itself, and server.address with server.port replaces connection strings, " +
      "which may hold a user name.",
    listed: [
      {
        origins: [publisher, consumer],
        fields: attributes("network.protocol.name"),
        native: '"AMQP"',
        ours: '"amqp"',
      },
      {
        origins: [publisher, consumer],
        fields: attributes("messaging.system"),
        native: '"tracebridge embedded broker"',
        ours: '"rabbitmq"',
      },
      {
        origins: [publisher, consumer],
        fields: attributes("url.full"),
        native: '"amqp://guest:***@127.0.0.1:PORT"',
      },
      {
        origins: [mongo],
        fields: attributes("db.connection_string"),
        native: '"mongodb://127.0.0.1:PORT/shop"',
      },
    ],
  },
  {
    reason:
      "Added for Sentry: its Queues page asks for the size of a message, and one project may hold several services.",
    listed: [
      { origins: [publisher, consumer], fields: attributes("messaging.message.body.size"), ours: "2" },
      { origins: all, fields: attributes("service.name"), ours: '"parity"' },
    ],
  },
  {
    reason:
      "OpenTelemetry's instrumentations do not report these; what matters of them is in url.full, server.address and " +
      "http.response.status_code.",
    listed: [
      {
        origins: [server, nodeHttp],
        fields: attributes(
          "http.response.status_text",
          "network.local.address",
          "network.local.port",
          "network.protocol.name",
          "network.transport",
        ),
        native: anything,
      },
      { origins: [server], fields: attributes("client.port"), native: anything },
      { origins: [server], fields: attributes("http.request.body.size"), native: "2" },
      { origins: [nodeHttp], fields: attributes("http.response.body.size"), native: "11" },
      {
        origins: [nodeHttp],
        fields: attributes("url.path", "url.port", "url.scheme"),
        native: anything,
      },
      { origins: [nodeHttp, fetching], fields: attributes("url.domain"), native: '"127.0.0.1"' },
      { origins: [express], fields: attributes("error.type"), native: '"Error"' },
    ],
  },
  {
    reason: "OpenTelemetry's instrumentations report these in addition; every exporter gets them.",
    listed: [
      { origins: [server, nodeHttp, fetching], fields: attributes("error.type"), ours: anything },
      { origins: [fetching], fields: attributes("network.protocol.version"), ours: '"1.1"' },
      { origins: [nodeHttp], fields: attributes("server.port"), ours: anything },
      { origins: [fastify], fields: attributes("fastify.root"), ours: '"@fastify/otel"' },
    ],
  },
  {
    reason:
      "Sentry's SDK sends the query with its values (fastify) or not at all; ours sends which parameters there were.",
    listed: [
      ...(
        [
          [fetching, "/item/1"],
          [nodeHttp, "/item/2"],
        ] as const
      ).map(([origin, path]) => ({
        origins: [origin],
        fields: attributes("url.full"),
        native: `"http://127.0.0.1:PORT${path}"`,
        ours: `"http://127.0.0.1:PORT${path}?token=?"`,
      })),
      { origins: [server, fetching], fields: attributes("url.query"), ours: '"token=?"' },
      {
        origins: [fastify],
        fields: attributes("url.path"),
        native: '"/item/1?token=by-fetch"',
        ours: '"/item/1"',
      },
      {
        origins: [fastify],
        fields: attributes("url.path"),
        native: '"/item/2?token=by-http"',
        ours: '"/item/2"',
      },
    ],
  },
  {
    reason:
      "OpenTelemetry's instrumentations give the message of the error; it says more than one of Sentry's words.",
    listed: [
      {
        origins: [fastify],
        fields: attributes("sentry.status.message"),
        native: '"internal_error"',
        ours: '"broken"',
      },
      { origins: [fastify], fields: attributes("sentry.status.message"), ours: '"broken"' },
      {
        origins: [nodeHttp],
        fields: attributes("sentry.status.message"),
        ours: '"connect ECONNREFUSED 127.0.0.1:PORT"',
      },
    ],
  },
  {
    reason: "The integrations that make spans are not Sentry's but OpenTelemetry's.",
    listed: [
      {
        origins: [server, consumer],
        fields: attributes("sentry.sdk.integrations"),
        native: anything,
        ours: anything,
      },
    ],
  },
  {
    reason:
      "Sentry's SDK asks the scope that is active when a span ends. For a fetch over a connection that was kept open " +
      "that is the request which opened it. Ours asks the scope of the span: a message came from no host.",
    listed: [
      { origins: [fetching], fields: attributes("sentry.is_localhost"), native: "true", ours: "false" },
    ],
  },
];
