import { SpanKind } from "@opentelemetry/api";
import type { Attributes } from "@opentelemetry/api";
import { readDestination } from "./destination.ts";

export interface DescribedSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
}

/** What Sentry calls a span. */
export interface SentryName {
  readonly name: string;
  readonly op?: string;
  /** How the name came about; `url` means it may hold ids and must not be used to group. */
  readonly source: "custom" | "url" | "route" | "component" | "task";
}

type NamingRule = (span: DescribedSpan, route: string | undefined) => SentryName | undefined;

/** The first rule that knows the span names it. `route` is what the framework matched, before the span has it. */
export function nameSpan(span: DescribedSpan, route?: string): SentryName {
  for (const rule of RULES) {
    const named = rule(span, route);
    if (named) return withOwnOp(named, span.attributes);
  }
  return withOwnOp({ name: span.name, source: "custom" }, span.attributes);
}

const RULES: readonly NamingRule[] = [
  nameCustomSpan,
  nameHttpServer,
  nameHttpClient,
  nameDatabase,
  nameMessaging,
  nameFramework,
];

function nameCustomSpan({ attributes }: DescribedSpan): SentryName | undefined {
  const name = read(attributes, "sentry.custom_span_name");
  return name === undefined ? undefined : { name, source: "custom" };
}

function nameHttpServer({ kind, attributes }: DescribedSpan, route?: string): SentryName | undefined {
  const method = read(attributes, "http.request.method", "http.method");
  if (kind !== SpanKind.SERVER || method === undefined) return undefined;
  const matched = read(attributes, "http.route") ?? route;
  return matched
    ? { name: `${method} ${matched}`, op: "http.server", source: "route" }
    : { name: method, op: "http.server", source: "url" };
}

function nameHttpClient({ kind, attributes }: DescribedSpan): SentryName | undefined {
  const method = read(attributes, "http.request.method", "http.method");
  if (kind !== SpanKind.CLIENT || method === undefined) return undefined;
  const host = read(attributes, "server.address", "net.peer.name");
  return { name: host === undefined ? method : `${method} ${host}`, op: "http.client", source: "url" };
}

function nameDatabase({ name, attributes }: DescribedSpan): SentryName | undefined {
  if (read(attributes, "db.system.name", "db.system") === undefined) return undefined;
  const operation = read(attributes, "db.operation.name", "db.operation");
  const target = read(attributes, "db.collection.name", "db.mongodb.collection", "db.namespace", "db.name");
  const known = operation !== undefined && target !== undefined;
  return { name: known ? `${operation} ${target}` : name, op: "db", source: "task" };
}

/** Sentry's op by `messaging.operation.type`. */
const MESSAGING_OPS: ReadonlyMap<string | undefined, string> = new Map([
  ["send", "queue.publish"],
  ["publish", "queue.publish"],
  ["create", "queue.create"],
  ["receive", "queue.receive"],
  ["process", "queue.process"],
  ["settle", "queue.settle"],
]);

/** A client fetches and acknowledges messages, too: `messaging.operation.type` tells what a span does, or else its kind. */
function nameMessaging({ name, kind, attributes }: DescribedSpan): SentryName | undefined {
  const destination = readDestination(kind, attributes);
  if (read(attributes, "messaging.system") === undefined) {
    const isMessage = kind === SpanKind.PRODUCER || kind === SpanKind.CONSUMER;
    if (!isMessage || destination === undefined) return undefined;
  }
  const type = read(attributes, "messaging.operation.type");
  const suffix = destination === undefined ? "" : ` ${destination}`;
  if (kind === SpanKind.CONSUMER && (type === undefined || type === "process")) {
    return { name: `process${suffix}`, op: "queue.process", source: "component" };
  }
  const isSent = type === undefined || type === "send" || type === "publish";
  if (kind === SpanKind.PRODUCER && isSent) {
    return { name: `send${suffix}`, op: "queue.publish", source: "task" };
  }
  const op = MESSAGING_OPS.get(type);
  return op === undefined ? undefined : { name, op, source: "task" };
}

function nameFramework({ name, attributes }: DescribedSpan): SentryName | undefined {
  if (read(attributes, "fastify.root") !== undefined) {
    // All of Fastify's work on a request; there is no route when none matched.
    return { name: read(attributes, "http.route") ?? "Request handler", op: "handler", source: "component" };
  }
  const type = read(attributes, "express.type", "fastify.type");
  if (type === undefined) return undefined;
  if (type.includes("handler")) {
    return { name: read(attributes, "http.route") ?? name, op: "handler", source: "component" };
  }
  const own = read(attributes, "express.name", "hook.name") ?? name;
  return { name: own, op: type === "router" ? "router" : "middleware", source: "component" };
}

/** An op that the application gave its span is kept. */
function withOwnOp(named: SentryName, attributes: Attributes): SentryName {
  const op = read(attributes, "sentry.op");
  return op === undefined ? named : { ...named, op };
}

/** The first of these attributes that is a text with something in it; the obsolete names come last. */
function read(attributes: Attributes, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = attributes[key];
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}
