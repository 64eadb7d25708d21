import { SpanKind } from "@opentelemetry/api";

/** A span as an instrumentation makes it: attributes when it starts, more when the answer is there. */
export interface SpanModel {
  name: string;
  kind: SpanKind;
  /** As Sentry's own SDK would call it. */
  op: string;
  start: Record<string, string | number | boolean>;
  end: Record<string, string | number | boolean>;
}

/** New objects every time, as instrumentations make them. */
export function createServerSpan(trace: number): SpanModel {
  const path = `/order/${trace}`;
  return {
    name: "GET /order/:id",
    kind: SpanKind.SERVER,
    op: "http.server",
    start: {
      "http.request.method": "GET",
      "url.scheme": "http",
      "server.address": "localhost",
      "server.port": 8006,
      "url.path": path,
      "client.address": "127.0.0.1",
      "network.peer.address": "127.0.0.1",
      "network.peer.port": 40_000 + (trace % 20_000),
      "user_agent.original":
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36",
      "network.protocol.version": "1.1",
    },
    end: { "http.response.status_code": 200, "http.route": "/order/:id" },
  };
}

export function createHandlerSpan(): SpanModel {
  return {
    name: "request handler - /order/:id",
    kind: SpanKind.INTERNAL,
    op: "handler",
    start: { "http.route": "/order/:id", "express.name": "/order/:id", "express.type": "request_handler" },
    end: {},
  };
}

const makers = [createCallSpan, createDatabaseSpan, createStepSpan];

/** What a handler does: calls, looks up, computes, in turn. */
export function createChildSpan(trace: number, index: number): SpanModel {
  return (makers[index % makers.length] ?? createStepSpan)(trace, index);
}

function createCallSpan(trace: number): SpanModel {
  return {
    name: "GET",
    kind: SpanKind.CLIENT,
    op: "http.client",
    start: {
      "http.request.method": "GET",
      "server.address": "leaf.internal",
      "server.port": 8080,
      "url.full": `http://leaf.internal:8080/stock/${trace}`,
      "network.protocol.version": "1.1",
    },
    end: {
      "http.response.status_code": 200,
      "network.peer.address": "10.0.0.17",
      "network.peer.port": 8080,
    },
  };
}

function createDatabaseSpan(): SpanModel {
  return {
    name: "find orders",
    kind: SpanKind.CLIENT,
    op: "db",
    start: {
      "db.system.name": "mongodb",
      "db.namespace": "web",
      "db.collection.name": "orders",
      "db.operation.name": "find",
      "db.query.text": '{"_id":{"$eq":"?"}}',
      "server.address": "mongo.internal",
      "server.port": 27_017,
    },
    end: {},
  };
}

function createStepSpan(trace: number, index: number): SpanModel {
  return {
    name: "price order",
    kind: SpanKind.INTERNAL,
    op: "function",
    start: { "code.function.name": "priceOrder", "order.lines": index, "order.express": trace % 2 === 0 },
    end: {},
  };
}
