// OpenTelemetry as its documentation sets it up: NodeSDK, a batch processor, OTLP over HTTP in protobuf, the loader hook
// for ES modules. OTEL_EXPORTER_OTLP_* says where the spans go.
import { register } from "node:module";
import { FastifyOtelInstrumentation } from "@fastify/otel";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { AmqplibInstrumentation } from "@opentelemetry/instrumentation-amqplib";
import { ExpressInstrumentation } from "@opentelemetry/instrumentation-express";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { MongoDBInstrumentation } from "@opentelemetry/instrumentation-mongodb";
import { PinoInstrumentation } from "@opentelemetry/instrumentation-pino";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace";

register("@opentelemetry/instrumentation/hook.mjs", import.meta.url);

const processor = new BatchSpanProcessor({ exporter: new OTLPTraceExporter() });
new NodeSDK({
  spanProcessors: [processor],
  instrumentations: [
    new HttpInstrumentation(),
    new UndiciInstrumentation(),
    new ExpressInstrumentation(),
    new FastifyOtelInstrumentation({ registerOnInitialization: true }),
    new AmqplibInstrumentation(),
    new MongoDBInstrumentation(),
    new PinoInstrumentation({ disableLogSending: true }),
  ],
}).start();

globalThis[Symbol.for("tracebridge.bench.flush")] = () => processor.forceFlush();
