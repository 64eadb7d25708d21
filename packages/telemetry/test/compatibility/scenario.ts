/**
 * What an application does whose OpenTelemetry SDK is its own: the same file runs on SDK 2.12 and on SDK 3. Its last
 * line of output says what the application's other span processor got.
 */
import { once } from "node:events";
import type * as Http from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, context, propagation, trace } from "@opentelemetry/api";
import type { Span } from "@opentelemetry/api";
import { captureError } from "@tracebridge/telemetry";
import { startSentryBridge } from "@tracebridge/telemetry/sentry";
import type { StartedSentryBridge } from "@tracebridge/telemetry/sentry";

/** Puts the bridge and a batch processor for `seen` into an SDK, registers it and instruments `http`. */
export type Assemble = (bridge: StartedSentryBridge, seen: string[]) => { shutdown(): Promise<void> };

export async function runScenario(assemble: Assemble): Promise<void> {
  const seen: string[] = [];
  const bridge = startSentryBridge({
    dsn: process.env["SENTRY_DSN"],
    serviceName: "own-sdk",
    environment: "compatibility",
    release: "own-sdk@1.0.0",
    beforeSendSpan: (span) => Object.assign(span, { attributes: { ...span.attributes, hooked: true } }),
  });
  const provider = assemble(bridge, seen);
  const port = await listen();
  // fetch is not instrumented here: this request comes from outside.
  await fetch(`http://127.0.0.1:${port}/orders/1?card=4111111111111111`, {
    headers: {
      "sentry-trace": "0123456789abcdef0123456789abcdef-0123456789abcdef-1",
      baggage: "sentry-trace_id=0123456789abcdef0123456789abcdef,sentry-public_key=other,sentry-foreign=kept",
    },
  });
  await trace.getTracer("app").startActiveSpan("job", async (span) => {
    await get(port, "/orders/2");
    span.end();
  });
  // The provider ends its processors, the bridge among them.
  await provider.shutdown();
  console.log(JSON.stringify({ seen: seen.toSorted(), dropped: bridge.stats().sentry?.spans.dropped }));
  process.exit();
}

/** By `require`, as the http instrumentation watches it without any loader hook. */
function loadHttp(): typeof Http {
  return createRequire(import.meta.url)("node:http") as typeof Http;
}

async function listen(): Promise<number> {
  const server = loadHttp().createServer((request, response) => {
    if (request.url?.startsWith("/orders/1")) failOrder();
    else sendMessage(consume);
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function get(port: number, path: string): Promise<void> {
  const request = loadHttp().get({ port, path, host: "127.0.0.1" });
  const [response] = (await once(request, "response")) as [Http.IncomingMessage];
  await once(response.resume(), "end");
}

function failOrder(): void {
  trace.getTracer("app").startActiveSpan("fail", { attributes: { password: "hunter2" } }, (span) => {
    const error = new Error("out of stock");
    span.recordException(error);
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
    span.end();
  });
  captureError(new Error("captured in the request"));
}

/** As an instrumentation of a broker would: with a context that is not the active one. */
function sendMessage(deliver: (headers: Record<string, string>) => void): void {
  const attributes = { "messaging.system": "rabbitmq", "messaging.destination.name": "jobs" };
  const options = { kind: SpanKind.PRODUCER, attributes };
  const span = trace.getTracer("app").startSpan("send jobs", options);
  const headers: Record<string, string> = {};
  propagation.inject(trace.setSpan(context.active(), span), headers);
  span.end();
  deliver(headers);
}

function consume(headers: Record<string, string>): void {
  const attributes = { "messaging.system": "rabbitmq", "messaging.destination.name": "jobs" };
  const parent = propagation.extract(ROOT_CONTEXT, headers);
  const work = (span: Span): void => {
    trace.getTracer("app").startSpan("work").end();
    span.end();
  };
  trace
    .getTracer("app")
    .startActiveSpan("process jobs", { kind: SpanKind.CONSUMER, attributes }, parent, work);
}
