import type { TraceSpan } from "../../model.ts";
import { readText } from "./read-text.ts";

export const routingKey = "messaging.rabbitmq.destination.routing_key";

/** Sentry's op by OpenTelemetry's `messaging.operation.type`. */
const messagingOps: Readonly<Record<string, string>> = {
  send: "queue.publish",
  publish: "queue.publish",
  create: "queue.create",
  receive: "queue.receive",
  process: "queue.process",
  settle: "queue.settle",
};
const messagingKinds: Readonly<Record<string, string>> = {
  producer: "queue.publish",
  consumer: "queue.process",
};
/** By `express.type` and `fastify.type`; Fastify's hooks of a single route have none. */
const layerOps: Readonly<Record<string, string>> = {
  request_handler: "handler",
  router: "router",
  middleware: "middleware",
  "request-handler": "handler",
  hook: "middleware",
};

/** By OpenTelemetry's kind and semantic conventions; `undefined` where Sentry has no op for it. */
export function readSentryOp({ kind, attributes }: TraceSpan): string | undefined {
  const own = readText(attributes["sentry.op"]);
  if (own !== undefined) return own;
  const isRequest = "http.request.method" in attributes && (kind === "server" || kind === "client");
  if (isRequest) return `http.${kind}`;
  if ("db.system.name" in attributes || "db.system" in attributes) return "db";
  if ("messaging.system" in attributes) {
    return messagingOps[readText(attributes["messaging.operation.type"]) ?? ""] ?? messagingKinds[kind ?? ""];
  }
  if (readText(attributes["fastify.root"]) !== undefined) return "handler";
  return layerOps[readText(attributes["express.type"]) ?? readText(attributes["fastify.type"]) ?? ""];
}

/**
 * What Sentry calls a span that has the name its instrumentation gave it; `undefined` where that is the same, or somebody
 * else named it.
 */
export function readSentryName(span: TraceSpan): string | undefined {
  const { name, attributes } = span;
  const custom = readText(attributes["sentry.custom_span_name"]);
  return custom ?? readRequestName(span) ?? readMessagingName(span) ?? readLayerName(name, attributes);
}

function readRequestName({ name, kind, attributes }: TraceSpan): string | undefined {
  const method = readText(attributes["http.request.method"]);
  if (method === undefined || name !== method) return undefined;
  const target = kind === "server" ? attributes["http.route"] : attributes["server.address"];
  const isRequest = kind === "server" || kind === "client";
  return isRequest && readText(target) !== undefined ? `${method} ${readText(target)}` : undefined;
}

function readMessagingName({ name, attributes }: TraceSpan): string | undefined {
  const operation = readText(attributes["messaging.operation.name"]);
  const destination = readText(attributes["messaging.destination.name"]);
  if (operation === undefined || name !== `${operation} ${destination}`) return undefined;
  return `${operation} ${readSentryDestination(attributes)}`;
}

function readLayerName(name: string, attributes: TraceSpan["attributes"]): string | undefined {
  const route = readText(attributes["http.route"]);
  if (readText(attributes["fastify.root"]) !== undefined) {
    return name === "request" ? (route ?? "Request handler") : undefined;
  }
  switch (readText(attributes["express.type"]) ?? readText(attributes["fastify.type"]) ?? "") {
    case "request_handler":
      return /^request handler(?: - |$)/u.test(name) ? (route ?? "Request handler") : undefined;
    case "router":
      return name.startsWith("router - ") ? (route ?? "Router") : undefined;
    case "middleware":
      return name.startsWith("middleware - ") ? readText(attributes["express.name"]) : undefined;
    case "request-handler":
      return name.startsWith("handler - ") ? (route ?? "Request handler") : undefined;
    case "hook":
      return / - /u.test(name) ? readText(attributes["hook.name"]) : undefined;
    default:
      return undefined;
  }
}

/** Sentry calls a destination by RabbitMQ's exchange, or by its queue where that is the default exchange. */
export function readSentryDestination(attributes: TraceSpan["attributes"]): string | undefined {
  const name = readText(attributes["messaging.destination.name"]);
  const key = attributes[routingKey];
  if (name === undefined || typeof key !== "string" || key === "") return name;
  if (name === key || name.startsWith(`${key}:`)) return key;
  // `exchange:key` of a producer, `exchange:key:queue` of a consumer.
  const [exchange, rest] = splitAt(name, `:${key}`);
  return exchange !== "" && (rest === "" || rest?.startsWith(":")) ? exchange : name;
}

function splitAt(text: string, part: string): [string, string?] {
  const index = text.indexOf(part);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + part.length)];
}
