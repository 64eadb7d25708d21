import { createRequire } from "node:module";
import type * as Grpc from "@grpc/grpc-js";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { OTLPLogExporter as GrpcLogExporter } from "@opentelemetry/exporter-logs-otlp-grpc";
import { OTLPLogExporter as JsonLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtobufLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPTraceExporter as GrpcTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import type { BatchConfig, OtlpConfig } from "../config/index.ts";
import { DeadlineExporter } from "./deadline-exporter.ts";
import type { Exporter } from "./deadline-exporter.ts";
import type { DeliveryCounter } from "./delivery-counter.ts";
import { createOtlpConnection } from "./otlp-connection.ts";
import type { OtlpConnection } from "./otlp-connection.ts";

type HttpOptions = NonNullable<ConstructorParameters<typeof ProtobufTraceExporter>[0]>;
type GrpcOptions = NonNullable<ConstructorParameters<typeof GrpcTraceExporter>[0]>;

/** What an OTLP exporter needs beside its configuration. */
export interface OtlpContext {
  readonly counter: DeliveryCounter;
  readonly reportOnce: (key: string, message: string) => void;
}

/** An export has the shorter of two limits: that of the request, and that of the batch. */
export function withinBatchTimeout({ otlp, batch }: { otlp: OtlpConfig; batch: BatchConfig }): OtlpConfig {
  return { ...otlp, timeoutMillis: Math.min(otlp.timeoutMillis, batch.exportTimeoutMillis) };
}

export function createOtlpSpanExporter(
  config: OtlpConfig,
  context: OtlpContext,
): DeadlineExporter<ReadableSpan> {
  const connection = createOtlpConnection();
  const exporters = {
    "http/protobuf": () => new ProtobufTraceExporter(readHttpOptions(config, connection)),
    "http/json": () => new JsonTraceExporter(readHttpOptions(config, connection)),
    grpc: () => new GrpcTraceExporter(readGrpcOptions(config)),
  };
  return withDeadline(exporters[config.protocol](), "spans", config, context, connection);
}

export function createOtlpLogExporter(
  config: OtlpConfig,
  context: OtlpContext,
): DeadlineExporter<ReadableLogRecord> {
  const connection = createOtlpConnection();
  const exporters = {
    "http/protobuf": () => new ProtobufLogExporter(readHttpOptions(config, connection)),
    "http/json": () => new JsonLogExporter(readHttpOptions(config, connection)),
    grpc: () => new GrpcLogExporter(readGrpcOptions(config)),
  };
  return withDeadline(exporters[config.protocol](), "log records", config, context, connection);
}

function withDeadline<Item>(
  exporter: Exporter<Item>,
  items: string,
  config: OtlpConfig,
  context: OtlpContext,
  connection: OtlpConnection,
): DeadlineExporter<Item> {
  return new DeadlineExporter(exporter, {
    timeoutMillis: config.timeoutMillis,
    counter: context.counter,
    abort: () => connection.abort(),
    onFailure: (error) => {
      const { origin, pathname } = new URL(config.url);
      const message =
        `OTLP ${items} cannot be delivered to ${origin}${pathname}: ${error.message}. ` +
        `Check ${config.urlVariable}. They are dropped while it lasts; the service runs on.`;
      context.reportOnce(`otlp:${items}`, message);
    },
  });
}

function readHttpOptions(config: OtlpConfig, connection: OtlpConnection): HttpOptions {
  return {
    url: config.url,
    headers: { ...config.headers },
    timeoutMillis: config.timeoutMillis,
    compression: config.compression as NonNullable<HttpOptions["compression"]>,
    httpAgentOptions: (protocol: string) => connection.createAgent(protocol),
  };
}

/** gRPC is loaded by those who use it: it costs every other start 60 ms. */
function readGrpcOptions(config: OtlpConfig): GrpcOptions {
  const { Metadata } = createRequire(import.meta.url)("@grpc/grpc-js") as typeof Grpc;
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(config.headers)) metadata.set(name, value);
  return {
    url: config.url,
    metadata,
    timeoutMillis: config.timeoutMillis,
    compression: config.compression as NonNullable<GrpcOptions["compression"]>,
  };
}
