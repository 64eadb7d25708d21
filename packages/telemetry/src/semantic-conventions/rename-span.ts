import { SpanKind } from "@opentelemetry/api";
import type { Attributes } from "@opentelemetry/api";
import { renameMessaging } from "./messaging.ts";
import { PSEUDO_COLLECTION, renameMongo } from "./mongo.ts";

interface NamedSpan {
  readonly name: string;
  readonly attributes: Attributes;
}

/** Names that an instrumentation may still use, and the current ones: https://opentelemetry.io/docs/specs/semconv/ */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["db.statement", "db.query.text"],
  ["db.operation", "db.operation.name"],
  ["db.name", "db.namespace"],
  ["db.mongodb.collection", "db.collection.name"],
  ["db.system", "db.system.name"],
  ["http.method", "http.request.method"],
  ["http.status_code", "http.response.status_code"],
  ["http.url", "url.full"],
  ["http.scheme", "url.scheme"],
  ["http.target", "url.path"],
  ["http.user_agent", "user_agent.original"],
  ["http.client_ip", "client.address"],
  ["net.peer.name", "server.address"],
  ["net.peer.port", "server.port"],
]);

/** By name, whether a value means that something is to be rewritten, which most spans hold nothing of. */
const OBSOLETE: ReadonlyMap<string, (value: unknown) => boolean> = new Map<
  string,
  (value: unknown) => boolean
>([
  ...Array.from(RENAMED.keys(), (key) => [key, () => true] as const),
  ["url.path", (value) => typeof value === "string" && value.includes("?")],
  ["url.query", (value) => value === "" || (typeof value === "string" && value.startsWith("?"))],
  ["db.collection.name", (value) => value === PSEUDO_COLLECTION],
  ["messaging.rabbitmq.routing_key", () => true],
]);

/**
 * Rewrites a span's name and attributes to the current semantic conventions, the same for every exporter. Pure; the
 * current name wins where a span carries both. Attributes that are current already are returned as they are.
 */
export function renameSpan(name: string, kind: SpanKind, attributes: Attributes): NamedSpan {
  if (!hasObsolete(attributes)) return { name, attributes };
  const renamed: Attributes = {};
  for (const [key, value] of Object.entries(attributes)) {
    const current = RENAMED.get(key) ?? key;
    if (current === key || !(current in attributes)) renamed[current] = value;
  }
  cleanUrl(renamed);
  if (renamed["db.system.name"] === "mongodb") return renameMongo(name, renamed);
  const isMessaging = kind === SpanKind.PRODUCER || kind === SpanKind.CONSUMER;
  return isMessaging ? renameMessaging(name, kind, renamed) : { name, attributes: renamed };
}

function hasObsolete(attributes: Attributes): boolean {
  for (const key in attributes) {
    const isObsolete = OBSOLETE.get(key);
    if (isObsolete?.(attributes[key])) return true;
  }
  return false;
}

/** @fastify/otel leaves the query in the path, undici its question mark: https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/ */
function cleanUrl(attributes: Attributes): void {
  const { "url.path": path, "url.query": query } = attributes;
  if (typeof path === "string") attributes["url.path"] = path.replace(/\?.*/s, "");
  if (query === "" || query === "?") delete attributes["url.query"];
  else if (typeof query === "string") attributes["url.query"] = query.replace(/^\?/, "");
}
