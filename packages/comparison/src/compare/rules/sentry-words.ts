import { readString } from "@tracebridge/receivers";
import type { TraceSpan } from "../../model.ts";
import { knownOrigins } from "./instrumentations.ts";

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
export function readSentryOp(span: TraceSpan): string | undefined {
  const { kind, attributes } = span;
  const own = readString(attributes["sentry.op"]);
  if (own !== undefined) return own;
  const isRequest = "http.request.method" in attributes && (kind === "server" || kind === "client");
  if (isRequest) return `http.${kind}`;
  if ("db.system.name" in attributes || "db.system" in attributes) return "db";
  if ("messaging.system" in attributes || isMessage(span)) {
    return (
      messagingOps[readString(attributes["messaging.operation.type"]) ?? ""] ?? messagingKinds[kind ?? ""]
    );
  }
  if (readString(attributes["fastify.root"]) !== undefined) return "handler";
  return layerOps[readString(attributes["express.type"]) ?? readString(attributes["fastify.type"]) ?? ""];
}

/** How a segment's name came about, in Sentry's words. */
export function readSentryNameSource(span: TraceSpan): string {
  const { kind, attributes } = span;
  if (readString(attributes["sentry.custom_span_name"]) !== undefined) return "custom";
  if (
    readString(attributes["http.request.method"]) !== undefined &&
    (kind === "server" || kind === "client")
  ) {
    return kind === "server" && readString(attributes["http.route"]) !== undefined ? "route" : "url";
  }
  if (readString(attributes["db.system.name"]) !== undefined) return "task";
  const op = readSentryOp(span);
  if (op === "pageload" || op === "navigation") return "url";
  if (op?.startsWith("queue.") === true) return op === "queue.process" ? "component" : "task";
  const layers = ["fastify.root", "express.type", "fastify.type"].map((key) => readString(attributes[key]));
  return layers.some((layer) => layer !== undefined) ? "component" : "custom";
}

/**
 * What Sentry calls a span that has the name its instrumentation gave it; `undefined` where that is the same, or somebody
 * else named it.
 */
export function readSentryName(span: TraceSpan): string | undefined {
  const { name, attributes } = span;
  return (
    readString(attributes["sentry.custom_span_name"]) ??
    readRequestName(span) ??
    readDatabaseName(span) ??
    readMessagingName(span) ??
    readLayerName(name, attributes) ??
    readNameByAttributes(span)
  );
}

function readRequestName({ name, kind, attributes }: TraceSpan): string | undefined {
  const method = readString(attributes["http.request.method"]);
  // An unusual method is `_OTHER`, of which the conventions make `HTTP` and instrumentations the method itself.
  const unusual = ["HTTP", attributes["http.request.method_original"]];
  const isUnusual = method === "_OTHER" && unusual.includes(name);
  if (method === undefined || (name !== method && !isUnusual)) return undefined;
  return kind === "server" || kind === "client" ? nameRequest(method, kind, attributes) : undefined;
}

function nameRequest(method: string, kind: "server" | "client", attributes: TraceSpan["attributes"]): string {
  const target = readString(kind === "server" ? attributes["http.route"] : attributes["server.address"]);
  return target === undefined ? method : `${method} ${target}`;
}

/** A command that is about no collection is called by itself, and at Sentry by its database. */
function readDatabaseName({ name, attributes }: TraceSpan): string | undefined {
  return name === readString(attributes["db.operation.name"]) ? nameQuery(attributes) : undefined;
}

function nameQuery(attributes: TraceSpan["attributes"]): string | undefined {
  const operation = readString(attributes["db.operation.name"]);
  const target = readString(attributes["db.collection.name"]) ?? readString(attributes["db.namespace"]);
  const isQuery = readString(attributes["db.system.name"]) !== undefined;
  return isQuery && operation !== undefined && target !== undefined ? `${operation} ${target}` : undefined;
}

function isMessage({ kind, attributes }: Pick<TraceSpan, "kind" | "attributes">): boolean {
  const isEnd = kind === "producer" || kind === "consumer";
  return isEnd && readString(attributes["messaging.destination.name"]) !== undefined;
}

/**
 * By what a request, a query or a message says of itself, where an application or an instrumentation unknown to Sentry named the
 * span in another way: the usual name begins with another word.
 */
function readNameByAttributes(span: TraceSpan): string | undefined {
  const { name, scope, attributes } = span;
  if (Object.hasOwn(knownOrigins, scope?.name ?? "")) return undefined;
  const usual = readUsualName(span, attributes);
  const [verb = ""] = usual?.split(" ", 1) ?? [];
  return name === verb || name.startsWith(`${verb} `) ? undefined : usual;
}

function readUsualName(span: TraceSpan, attributes: TraceSpan["attributes"]): string | undefined {
  const { kind } = span;
  const method = readString(attributes["http.request.method"]);
  if (method !== undefined && (kind === "server" || kind === "client")) {
    return nameRequest(method, kind, attributes);
  }
  return nameQuery(attributes) ?? nameMessage(span);
}

function nameMessage({ kind, attributes }: TraceSpan): string | undefined {
  if (readString(attributes["messaging.system"]) === undefined && !isMessage({ kind, attributes }))
    return undefined;
  const type = readString(attributes["messaging.operation.type"]);
  const destination = readSentryDestination(kind, attributes);
  const suffix = destination === undefined ? "" : ` ${destination}`;
  if (kind === "consumer") return type === undefined || type === "process" ? `process${suffix}` : undefined;
  const isSent = type === undefined || type === "send" || type === "publish";
  return kind === "producer" && isSent ? `send${suffix}` : undefined;
}

function readMessagingName({ name, kind, attributes }: TraceSpan): string | undefined {
  const operation = readString(attributes["messaging.operation.name"]);
  const destination = readString(attributes["messaging.destination.name"]);
  if (operation === undefined || name !== `${operation} ${destination}`) return undefined;
  return `${operation} ${readSentryDestination(kind, attributes)}`;
}

function readLayerName(name: string, attributes: TraceSpan["attributes"]): string | undefined {
  const route = readString(attributes["http.route"]);
  if (readString(attributes["fastify.root"]) !== undefined) {
    return name === "request" ? (route ?? "Request handler") : undefined;
  }
  switch (readString(attributes["express.type"]) ?? readString(attributes["fastify.type"]) ?? "") {
    case "request_handler":
      return /^request handler(?: - |$)/u.test(name) ? (route ?? "Request handler") : undefined;
    case "router":
      return name.startsWith("router - ") ? (route ?? "Router") : undefined;
    case "middleware":
      return name.startsWith("middleware - ") ? readString(attributes["express.name"]) : undefined;
    case "request-handler":
      return name.startsWith("handler - ") ? (route ?? "Request handler") : undefined;
    case "hook":
      return / - /u.test(name) ? readString(attributes["hook.name"]) : undefined;
    default:
      return undefined;
  }
}

/** Sentry calls a destination by RabbitMQ's exchange, or by its queue where that is the default exchange. */
export function readSentryDestination(
  kind: TraceSpan["kind"],
  attributes: TraceSpan["attributes"],
): string | undefined {
  const name = readString(attributes["messaging.destination.name"]);
  const key = attributes[routingKey];
  if (name === undefined || typeof key !== "string") return name;
  // `exchange:queue`: an exchange for all needs no key.
  if (key === "") return kind === "consumer" ? name.replace(/:[^:]*$/u, "") : name;
  if (name === key || name.startsWith(`${key}:`)) return key;
  // `exchange:key` of a producer, `exchange:key:queue` of a consumer.
  const [exchange, rest] = splitAt(name, `:${key}`);
  return exchange !== "" && (rest === "" || rest?.startsWith(":")) ? exchange : name;
}

function splitAt(text: string, part: string): [string, string?] {
  const index = text.indexOf(part);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + part.length)];
}
