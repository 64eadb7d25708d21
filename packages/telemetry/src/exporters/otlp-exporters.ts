import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import type { BatchConfig, OtlpConfig } from "../config/index.ts";
import { DeadlineExporter } from "./deadline-exporter.ts";
import type { Exporter } from "./deadline-exporter.ts";
import type { DeliveryCounter } from "./delivery-counter.ts";
import { OtlpGrpcExporter } from "./otlp-grpc-exporter.ts";
import { OtlpHttpExporter } from "./otlp-http-exporter.ts";
import { createOtlpSerializer } from "./otlp-serializer.ts";

const SERVICES = "/opentelemetry.proto.collector";

const spanSerializers = {
  "http/protobuf": createOtlpSerializer("application/x-protobuf", ProtobufTraceSerializer),
  "http/json": createOtlpSerializer("application/json", JsonTraceSerializer),
};

const logSerializers = {
  "http/protobuf": createOtlpSerializer("application/x-protobuf", ProtobufLogsSerializer),
  "http/json": createOtlpSerializer("application/json", JsonLogsSerializer),
};

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
  const { protocol } = config;
  const exporter =
    protocol === "grpc"
      ? new OtlpGrpcExporter(
          config,
          spanSerializers["http/protobuf"],
          `${SERVICES}.trace.v1.TraceService/Export`,
        )
      : new OtlpHttpExporter(config, spanSerializers[protocol]);
  return withDeadline(exporter, "spans", config, context);
}

export function createOtlpLogExporter(
  config: OtlpConfig,
  context: OtlpContext,
): DeadlineExporter<ReadableLogRecord> {
  const { protocol } = config;
  const exporter =
    protocol === "grpc"
      ? new OtlpGrpcExporter(
          config,
          logSerializers["http/protobuf"],
          `${SERVICES}.logs.v1.LogsService/Export`,
        )
      : new OtlpHttpExporter(config, logSerializers[protocol]);
  return withDeadline(exporter, "log records", config, context);
}

function withDeadline<Item>(
  exporter: Exporter<Item>,
  items: string,
  config: OtlpConfig,
  context: OtlpContext,
): DeadlineExporter<Item> {
  return new DeadlineExporter(exporter, {
    timeoutMillis: config.timeoutMillis,
    counter: context.counter,
    onFailure: (error) => {
      const { origin, pathname } = new URL(config.url);
      const message =
        `OTLP ${items} cannot be delivered to ${origin}${pathname}: ${error.message}. ` +
        `Check ${config.urlVariable}. They are dropped while it lasts; the service runs on.`;
      context.reportOnce(`otlp:${items}`, message);
    },
  });
}
