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
import type { DeliveryCounter } from "./delivery-counter.ts";
import { OtlpGrpcChannel } from "./otlp-grpc-channel.ts";
import { OtlpHttpChannel } from "./otlp-http-channel.ts";
import { createOtlpSerializer } from "./otlp-serializer.ts";
import type { OtlpSerializer } from "./otlp-serializer.ts";
import { RepeatingExporter } from "./repeating-exporter.ts";
import type { Reporter } from "../problems/index.ts";

/** One kind of telemetry, as OTLP has it. */
interface OtlpSignal<Item> {
  /** As messages name it. */
  readonly items: string;
  readonly grpcMethod: string;
  readonly protobuf: OtlpSerializer<Item>;
  readonly json: OtlpSerializer<Item>;
}

const SERVICES = "/opentelemetry.proto.collector";

const SPANS: OtlpSignal<ReadableSpan> = {
  items: "spans",
  grpcMethod: `${SERVICES}.trace.v1.TraceService/Export`,
  protobuf: createOtlpSerializer("application/x-protobuf", ProtobufTraceSerializer),
  json: createOtlpSerializer("application/json", JsonTraceSerializer),
};

const LOG_RECORDS: OtlpSignal<ReadableLogRecord> = {
  items: "log records",
  grpcMethod: `${SERVICES}.logs.v1.LogsService/Export`,
  protobuf: createOtlpSerializer("application/x-protobuf", ProtobufLogsSerializer),
  json: createOtlpSerializer("application/json", JsonLogsSerializer),
};

/** What an OTLP exporter needs beside its configuration. */
export interface OtlpContext {
  readonly counter: DeliveryCounter;
  readonly reportOnce: Reporter["once"];
}

/** An export has the shorter of two limits: that of the request, and that of the batch. */
export function withinBatchTimeout({ otlp, batch }: { otlp: OtlpConfig; batch: BatchConfig }): OtlpConfig {
  return { ...otlp, timeoutMillis: Math.min(otlp.timeoutMillis, batch.exportTimeoutMillis) };
}

export function createOtlpSpanExporter(
  config: OtlpConfig,
  context: OtlpContext,
): DeadlineExporter<ReadableSpan> {
  return createExporter(SPANS, config, context);
}

export function createOtlpLogExporter(
  config: OtlpConfig,
  context: OtlpContext,
): DeadlineExporter<ReadableLogRecord> {
  return createExporter(LOG_RECORDS, config, context);
}

function createExporter<Item>(
  { items, grpcMethod, protobuf, json }: OtlpSignal<Item>,
  config: OtlpConfig,
  context: OtlpContext,
): DeadlineExporter<Item> {
  const { protocol, timeoutMillis } = config;
  const serializer = protocol === "http/json" ? json : protobuf;
  const channel =
    protocol === "grpc"
      ? new OtlpGrpcChannel(config, grpcMethod)
      : new OtlpHttpChannel(config, serializer.contentType);
  return new DeadlineExporter(new RepeatingExporter(serializer, channel, timeoutMillis), {
    timeoutMillis,
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
