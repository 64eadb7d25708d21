export type OtlpSpanKind = "internal" | "server" | "client" | "producer" | "consumer";

/** A span as OTLP carries it; times are nanoseconds since 1970. */
export interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: OtlpSpanKind;
  status: "unset" | "ok" | "error";
  statusMessage?: string;
  startTimeUnixNano: bigint;
  endTimeUnixNano: bigint;
  attributes: Record<string, unknown>;
  events: { name: string; timeUnixNano: bigint; attributes: Record<string, unknown> }[];
  links: { traceId: string; spanId: string; attributes: Record<string, unknown> }[];
  traceState?: string;
  /** The W3C trace flags and, above them, the two bits of OTLP about a remote parent. */
  flags: number;
  resource: Record<string, unknown>;
  scope: { name: string; version?: string };
  /** The resource attribute `service.name`. */
  service?: string;
}

export interface OtlpLog {
  traceId?: string;
  spanId?: string;
  timeUnixNano: bigint;
  severityNumber: number;
  severityText?: string;
  body: unknown;
  attributes: Record<string, unknown>;
  resource: Record<string, unknown>;
  scope: { name: string; version?: string };
  service?: string;
}
