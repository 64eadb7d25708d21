import { compressionNames, protocolNames } from "./choices.ts";
import type { Row } from "./row.ts";

/**
 * The endpoint rules are those of the specification: a base endpoint gets `/v1/traces` and `/v1/logs`, the endpoint of
 * one signal is used as it is. https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export const otlpVariables = [
  {
    name: "OTEL_EXPORTER_OTLP_ENDPOINT",
    type: "url",
    default: "",
    defaultRule: "`http://localhost:4318`, with grpc `http://localhost:4317`",
    description: "Base address of the OTLP back end; over HTTP `/v1/traces` and `/v1/logs` are appended.",
  },
  {
    name: "OTEL_EXPORTER_OTLP_PROTOCOL",
    type: "choice",
    choices: protocolNames,
    default: "http/protobuf",
    description: "How OTLP is spoken.",
  },
  {
    name: "OTEL_EXPORTER_OTLP_HEADERS",
    type: "pairs",
    default: "",
    secret: true,
    description: "Headers of every OTLP request, for example an API key.",
  },
  {
    name: "OTEL_EXPORTER_OTLP_TIMEOUT",
    type: "integer",
    unit: "ms",
    minimum: 1,
    default: "10000",
    description: "Longest time one request may take, retries included.",
  },
  {
    name: "OTEL_EXPORTER_OTLP_COMPRESSION",
    type: "choice",
    choices: compressionNames,
    default: "none",
    description: "Compression of requests.",
  },
  ...signal("TRACES", "spans"),
  ...signal("LOGS", "log records"),
] as const satisfies readonly Row[];

function signal<Signal extends "TRACES" | "LOGS">(name: Signal, items: string) {
  return [
    {
      name: `OTEL_EXPORTER_OTLP_${name}_ENDPOINT`,
      type: "url",
      default: "",
      defaultRule: "from OTEL_EXPORTER_OTLP_ENDPOINT",
      description: `Address for ${items}, used as it is.`,
    },
    {
      name: `OTEL_EXPORTER_OTLP_${name}_PROTOCOL`,
      type: "choice",
      choices: protocolNames,
      default: "",
      defaultRule: "the value of OTEL_EXPORTER_OTLP_PROTOCOL",
      description: `The protocol for ${items}.`,
    },
    {
      name: `OTEL_EXPORTER_OTLP_${name}_HEADERS`,
      type: "pairs",
      default: "",
      defaultRule: "added to OTEL_EXPORTER_OTLP_HEADERS",
      secret: true,
      description: `Headers for ${items}.`,
    },
    {
      name: `OTEL_EXPORTER_OTLP_${name}_TIMEOUT`,
      type: "integer",
      unit: "ms",
      minimum: 1,
      default: "",
      defaultRule: "the value of OTEL_EXPORTER_OTLP_TIMEOUT",
      description: `The time limit for ${items}.`,
    },
    {
      name: `OTEL_EXPORTER_OTLP_${name}_COMPRESSION`,
      type: "choice",
      choices: compressionNames,
      default: "",
      defaultRule: "the value of OTEL_EXPORTER_OTLP_COMPRESSION",
      description: `The compression for ${items}.`,
    },
  ] as const satisfies readonly Row[];
}
