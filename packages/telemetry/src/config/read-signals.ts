import { compressionNames, exporterNames, protocolNames } from "./choices.ts";
import type {
  BatchConfig,
  ExporterName,
  LogLimitsConfig,
  OtlpConfig,
  OtlpProtocol,
  SpanLimitsConfig,
} from "./config.ts";
import type { EnvReader } from "./env-reader.ts";

type Signal = "TRACES" | "LOGS";

/** Where a signal goes; the default rule is written in docs/configuration.md. */
export function readExporters(reader: EnvReader, signal: Signal, hasDsn: boolean): ReadonlySet<ExporterName> {
  const variable = `OTEL_${signal}_EXPORTER` as const;
  const names = reader.list(variable, exporterNames);
  if (!names) return readDefaultExporters(reader, signal, hasDsn);
  const exporters = new Set(names.filter((name) => name !== "none"));
  if (exporters.size > 0 && exporters.size < names.length) {
    reader.problem(variable, `"none" excludes the others; ignoring "none".`);
  }
  if (!hasDsn && exporters.delete("sentry") && reader.raw("SENTRY_DSN") === undefined) {
    const left = exporters.size === 0 ? "no exporter" : [...exporters].join(",");
    reader.problem(variable, `"sentry" needs SENTRY_DSN, which is not set. Using ${left}.`);
  }
  return exporters;
}

function readDefaultExporters(reader: EnvReader, signal: Signal, hasDsn: boolean): ReadonlySet<ExporterName> {
  const endpoint =
    reader.url(`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`) ?? reader.url("OTEL_EXPORTER_OTLP_ENDPOINT");
  if (!hasDsn) return new Set(["otlp"]);
  return new Set(endpoint === undefined ? ["sentry"] : ["sentry", "otlp"]);
}

export function readOtlp(reader: EnvReader, signal: Signal): OtlpConfig {
  const prefix = `OTEL_EXPORTER_OTLP_${signal}` as const;
  const protocol =
    reader.choice(`${prefix}_PROTOCOL`, protocolNames) ??
    reader.choice("OTEL_EXPORTER_OTLP_PROTOCOL", protocolNames) ??
    "http/protobuf";
  return {
    ...readEndpoint(reader, signal, protocol),
    protocol,
    headers: { ...reader.pairs("OTEL_EXPORTER_OTLP_HEADERS"), ...reader.pairs(`${prefix}_HEADERS`) },
    timeoutMillis:
      reader.integer(`${prefix}_TIMEOUT`) ?? reader.integer("OTEL_EXPORTER_OTLP_TIMEOUT") ?? 10_000,
    compression:
      reader.choice(`${prefix}_COMPRESSION`, compressionNames) ??
      reader.choice("OTEL_EXPORTER_OTLP_COMPRESSION", compressionNames) ??
      "none",
  };
}

function readEndpoint(
  reader: EnvReader,
  signal: Signal,
  protocol: OtlpProtocol,
): Pick<OtlpConfig, "url" | "urlVariable"> {
  const variable = `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT` as const;
  const own = reader.url(variable);
  if (own !== undefined) return { url: own, urlVariable: variable };
  const port = protocol === "grpc" ? 4317 : 4318;
  const base = reader.url("OTEL_EXPORTER_OTLP_ENDPOINT") ?? `http://localhost:${port}`;
  const url = new URL(base);
  if (protocol !== "grpc") url.pathname = `${url.pathname.replace(/\/+$/, "")}/v1/${signal.toLowerCase()}`;
  return { url: url.href, urlVariable: "OTEL_EXPORTER_OTLP_ENDPOINT" };
}

export function readBatch(reader: EnvReader, prefix: "OTEL_BSP" | "OTEL_BLRP"): BatchConfig {
  const maxQueueSize = reader.integer(`${prefix}_MAX_QUEUE_SIZE`) ?? 2048;
  const batchSize = reader.integer(`${prefix}_MAX_EXPORT_BATCH_SIZE`) ?? 512;
  if (batchSize > maxQueueSize && reader.raw(`${prefix}_MAX_EXPORT_BATCH_SIZE`) !== undefined) {
    const sentence = `more than ${prefix}_MAX_QUEUE_SIZE allows; allowed: up to ${maxQueueSize}. Using ${maxQueueSize}.`;
    reader.problem(`${prefix}_MAX_EXPORT_BATCH_SIZE`, sentence);
  }
  return {
    scheduledDelayMillis: reader.integer(`${prefix}_SCHEDULE_DELAY`) ?? 5000,
    exportTimeoutMillis: reader.integer(`${prefix}_EXPORT_TIMEOUT`) ?? 30_000,
    maxQueueSize,
    maxExportBatchSize: Math.min(batchSize, maxQueueSize),
  };
}

/** https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#attribute-limits and those below it */
export function readLimits(reader: EnvReader): { spans: SpanLimitsConfig; logs: LogLimitsConfig } {
  const lengthLimit = reader.integer("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT") ?? 4096;
  const countLimit = reader.integer("OTEL_ATTRIBUTE_COUNT_LIMIT") ?? 128;
  return {
    spans: {
      attributeValueLengthLimit: reader.integer("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT") ?? lengthLimit,
      attributeCountLimit: reader.integer("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT") ?? countLimit,
      eventCountLimit: reader.integer("OTEL_SPAN_EVENT_COUNT_LIMIT") ?? 128,
      linkCountLimit: reader.integer("OTEL_SPAN_LINK_COUNT_LIMIT") ?? 128,
      attributePerEventCountLimit: reader.integer("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT") ?? 128,
      attributePerLinkCountLimit: reader.integer("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT") ?? 128,
    },
    logs: {
      attributeValueLengthLimit: reader.integer("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT") ?? lengthLimit,
      attributeCountLimit: reader.integer("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT") ?? countLimit,
    },
  };
}
