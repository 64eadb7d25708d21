import { SpanKind } from "@opentelemetry/api";
import type { Attributes } from "@opentelemetry/api";
import { renameMessaging } from "./messaging.ts";
import { renameMongo } from "./mongo.ts";

interface NamedSpan {
  readonly name: string;
  readonly attributes: Attributes;
}

/** Names that an instrumentation may still use, and the current ones: https://opentelemetry.io/docs/specs/semconv/ */
const RENAMED: Readonly<Record<string, string>> = {
  "db.statement": "db.query.text",
  "db.operation": "db.operation.name",
  "db.name": "db.namespace",
  "db.mongodb.collection": "db.collection.name",
  "db.system": "db.system.name",
  "http.method": "http.request.method",
  "http.status_code": "http.response.status_code",
  "http.url": "url.full",
  "http.scheme": "url.scheme",
  "http.target": "url.path",
  "http.user_agent": "user_agent.original",
  "http.client_ip": "client.address",
  "net.peer.name": "server.address",
  "net.peer.port": "server.port",
};

/**
 * Rewrites a span's name and attributes to the current semantic conventions, the same for every exporter. Pure; the
 * current name wins where a span carries both.
 */
export function renameSpan(name: string, kind: SpanKind, attributes: Attributes): NamedSpan {
  const renamed: Attributes = {};
  for (const [key, value] of Object.entries(attributes)) {
    const current = RENAMED[key] ?? key;
    if (current === key || !(current in attributes)) renamed[current] = value;
  }
  cleanUrl(renamed);
  if (renamed["db.system.name"] === "mongodb") return renameMongo(name, renamed);
  const isMessaging = kind === SpanKind.PRODUCER || kind === SpanKind.CONSUMER;
  return isMessaging ? renameMessaging(name, kind, renamed) : { name, attributes: renamed };
}

/** @fastify/otel leaves the query in the path, undici its question mark: https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/ */
function cleanUrl(attributes: Attributes): void {
  const { "url.path": path, "url.query": query } = attributes;
  if (typeof path === "string") attributes["url.path"] = path.replace(/\?.*/s, "");
  if (query === "" || query === "?") delete attributes["url.query"];
  else if (typeof query === "string") attributes["url.query"] = query.replace(/^\?/, "");
}
