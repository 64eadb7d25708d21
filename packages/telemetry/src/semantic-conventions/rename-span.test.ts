import { SpanKind } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { renameSpan } from "./index.ts";

const published = {
  "messaging.system": "tracebridge embedded broker",
  "messaging.destination": "",
  "messaging.destination_kind": "topic",
  "messaging.rabbitmq.routing_key": "jobs",
  "messaging.message_id": "m1",
  "messaging.conversation_id": "c1",
  "messaging.protocol": "AMQP",
  "messaging.protocol_version": "0.9.1",
  "messaging.url": "amqp://guest:***@127.0.0.1",
};

test("a message sent through the default exchange is named after its queue, with current attributes", () => {
  expect(renameSpan("publish <default>", SpanKind.PRODUCER, published)).toEqual({
    name: "send jobs",
    attributes: {
      "messaging.system": "rabbitmq",
      "messaging.rabbitmq.destination.routing_key": "jobs",
      "messaging.message.id": "m1",
      "messaging.message.conversation_id": "c1",
      "network.protocol.name": "amqp",
      "network.protocol.version": "0.9.1",
      "messaging.operation.name": "send",
      "messaging.operation.type": "send",
      "messaging.destination.name": "jobs",
    },
  });
});

test.each([
  ["", "jobs", "jobs process", "process jobs"],
  ["orders", "new", "jobs process", "process orders:new:jobs"],
  ["orders", "jobs", "jobs process", "process orders:jobs"],
])("a message from exchange %j with key %j is named %j → %j", (exchange, key, name, expected) => {
  const attributes = { "messaging.destination": exchange, "messaging.rabbitmq.routing_key": key };
  expect(renameSpan(name, SpanKind.CONSUMER, attributes).name).toBe(expected);
});

test("a messaging span that is current already stays as it is", () => {
  const attributes = { "messaging.system": "kafka", "messaging.destination.name": "topic" };
  expect(renameSpan("send topic", SpanKind.PRODUCER, attributes)).toEqual({ name: "send topic", attributes });
});

test("old names of http and databases become the current ones; a current one that is there wins", () => {
  const { attributes } = renameSpan("GET", SpanKind.CLIENT, {
    "http.method": "GET",
    "http.status_code": 200,
    "http.url": "http://old",
    "url.full": "http://current",
    "db.statement": "SELECT ?",
  });
  expect(attributes).toEqual({
    "http.request.method": "GET",
    "http.response.status_code": 200,
    "url.full": "http://current",
    "db.query.text": "SELECT ?",
  });
});

test("a URL's path has no query, its query no question mark, and an empty query is none", () => {
  const rename = (attributes: Record<string, string>) =>
    renameSpan("GET", SpanKind.CLIENT, attributes).attributes;
  expect(rename({ "url.path": "/a?b=c\nd", "url.query": "?b=c?" })).toEqual({
    "url.path": "/a",
    "url.query": "b=c?",
  });
  expect(rename({ "url.path": "/a", "url.query": "b=c" })).toEqual({ "url.path": "/a", "url.query": "b=c" });
  expect(rename({ "url.path": "/a", "url.query": "" })).toEqual({ "url.path": "/a" });
});

test("a MongoDB command to $cmd is named after the collection in its statement, or after the operation", () => {
  const attributes = {
    "db.system.name": "mongodb",
    "db.operation.name": "findAndModify",
    "db.collection.name": "$cmd",
    "db.query.text": '{"findAndModify":"order","query":{}}',
  };
  expect(renameSpan("findAndModify $cmd", SpanKind.CLIENT, attributes)).toEqual({
    name: "findAndModify order",
    attributes: { ...attributes, "db.collection.name": "order" },
  });
  const ping = { ...attributes, "db.operation.name": "ping", "db.query.text": '{"ping":"?"}' };
  const named = renameSpan("ping $cmd", SpanKind.CLIENT, ping);
  expect(named.name).toBe("ping");
  expect(named.attributes).not.toHaveProperty("db.collection.name");
});
