// What an application may do by OpenTelemetry's functions alone. Every kind of span once, each in a trace of its own.
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, context, trace } from "@opentelemetry/api";
import type { Attributes, Span, SpanOptions } from "@opentelemetry/api";

const { CLIENT, CONSUMER, PRODUCER, SERVER } = SpanKind;
const tracer = trace.getTracer("oracle");

/** A trace with `name` as its root. */
function start(name: string, options: SpanOptions, work: (span: Span) => void = () => {}): void {
  tracer.startActiveSpan(name, { root: true, ...options }, (span) => {
    work(span);
    if (span.isRecording()) span.end();
  });
}

/** A span below the active one. */
function add(name: string, kind: SpanKind, attributes: Attributes): void {
  tracer.startSpan(name, { kind, attributes }).end();
}

start("nested", {}, () => {
  tracer.startActiveSpan("child", (child) => {
    tracer.startActiveSpan("grandchild", { kind: SpanKind.INTERNAL }, (grandchild) => grandchild.end());
    child.end();
  });
  const early = tracer.startSpan("by hand");
  const inside = trace.setSpan(context.active(), early);
  tracer.startSpan("below the one by hand", {}, inside).end();
  early.end();
  tracer.startSpan("a root inside", { root: true }).end();
  tracer.startSpan("a root by its context", {}, ROOT_CONTEXT).end();
});

start("ends before its child", {}, (root) => {
  const late = tracer.startSpan("late");
  root.end();
  late.end();
});

start("times", { startTime: 1_700_000_000_000 }, (span) => {
  tracer.startSpan("of a date", { startTime: new Date(1_700_000_000_250) }).end([1_700_000_000, 500_000_000]);
  span.end(1_700_000_001_500);
});

start("attributes", { attributes: { text: "a", "of.options": true } }, (span) => {
  span.setAttributes({ integer: 1, double: 1.5, negative: -0.5, flag: false, empty: "" });
  span
    .setAttribute("texts", ["a", "b"])
    .setAttribute("numbers", [1, 2.5])
    .setAttribute("flags", [true, false]);
  span.setAttribute("with holes", ["a", null, "b"]).setAttribute("nothing", []);
  span.setAttribute("text", "replaced");
});

start("own words", { attributes: { "sentry.op": "task", "sentry.origin": "auto.task" } }, () => {
  add("cached", SpanKind.INTERNAL, { "sentry.op": "cache.get", "cache.hit": true, "cache.key": ["a"] });
});

start("status", {}, () => {
  for (const [name, status] of Object.entries({
    unset: { code: SpanStatusCode.UNSET },
    ok: { code: SpanStatusCode.OK },
    error: { code: SpanStatusCode.ERROR },
    "error with words": { code: SpanStatusCode.ERROR, message: "out of stock" },
    "error in Sentry's words": { code: SpanStatusCode.ERROR, message: "not_found" },
    cancelled: { code: SpanStatusCode.ERROR, message: "cancelled" },
  })) {
    tracer.startSpan(name).setStatus(status).end();
  }
});

start("recorded exception", {}, (span) => {
  span.recordException(new Error("broken"));
  span.setStatus({ code: SpanStatusCode.ERROR, message: "broken" });
  span.addEvent("noticed", { count: 1 });
});

start("old name", {}, (span) => {
  span.updateName("new name");
  tracer.startSpan("old child").updateName("new child").end();
});

const other = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7" };
start("links", { links: [{ context: { ...other, traceFlags: TraceFlags.SAMPLED } }] }, (span) => {
  span.addLink({ context: { ...other, traceFlags: TraceFlags.NONE }, attributes: { why: "batch" } });
  span.addLinks([{ context: { ...other, traceFlags: TraceFlags.SAMPLED }, attributes: { n: [1, 2] } }]);
});

const remote = { ...other, traceFlags: TraceFlags.SAMPLED, isRemote: true };
context.with(trace.setSpanContext(ROOT_CONTEXT, remote), () => {
  tracer.startActiveSpan("below a remote parent", { kind: SERVER }, (span) => {
    tracer.startSpan("child of the remote one's child").end();
    span.end();
  });
});

start("GET /users/:id", {
  kind: SERVER,
  attributes: {
    "http.request.method": "GET",
    "http.route": "/users/:id",
    "url.path": "/users/7",
    "url.scheme": "http",
    "http.response.status_code": 200,
  },
});
start(
  "GET",
  { kind: SERVER, attributes: { "http.request.method": "GET", "url.path": "/nowhere" } },
  (span) => {
    span.setAttribute("http.response.status_code", 404);
  },
);
start("POST /orders", { kind: SERVER }, (span) => {
  span.setAttributes({
    "http.request.method": "POST",
    "http.route": "/orders",
    "http.response.status_code": 500,
  });
  span.setStatus({ code: SpanStatusCode.ERROR });
});

start("GET shop.example", { kind: CLIENT }, (span) => {
  span.setAttributes({
    "http.request.method": "GET",
    "server.address": "shop.example",
    "url.full": "https://shop.example/items/7",
    "http.response.status_code": 503,
  });
  span.setStatus({ code: SpanStatusCode.ERROR });
});

start("databases", {}, () => {
  add("findOne orders", CLIENT, {
    "db.system.name": "mongodb",
    "db.operation.name": "findOne",
    "db.collection.name": "orders",
    "db.namespace": "shop",
  });
  add("SELECT orders", CLIENT, {
    "db.system.name": "postgresql",
    "db.operation.name": "SELECT",
    "db.collection.name": "orders",
    "db.query.text": "SELECT * FROM orders WHERE id = $1",
  });
  add("pg.query", CLIENT, { "db.system": "postgresql", "db.statement": "SELECT 1" });
});

start("messages", {}, () => {
  const messaging = { "messaging.system": "kafka", "messaging.destination.name": "jobs" };
  add("send jobs", PRODUCER, {
    ...messaging,
    "messaging.operation.name": "send",
    "messaging.message.id": "m1",
  });
  add("process jobs", CONSUMER, { ...messaging, "messaging.operation.type": "process" });
});

start("rpc", {}, () => {
  add("shop.Orders/Get", CLIENT, { "rpc.system": "grpc", "rpc.service": "shop.Orders", "rpc.method": "Get" });
});
