import type { HrTime, SpanContext } from "@opentelemetry/api";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { getCombinedScopeData } from "@sentry/core";
import type { Log } from "@sentry/core";
import { toWellFormed, typeAttributes } from "../attributes.ts";
import type { TypedAttribute } from "../attributes.ts";
import type { BridgeClient } from "../client/bridge-client.ts";
import type { ContextScopes } from "../scopes/segment-scopes.ts";
import { readLogLevel, readSeverityNumber } from "./severity.ts";
import type { LogLevel } from "./severity.ts";

/** @see https://develop.sentry.dev/sdk/telemetry/logs/#log-envelope-item-payload */
export interface LogItem {
  readonly timestamp: number;
  readonly level: LogLevel;
  readonly body: string;
  readonly trace_id: string;
  readonly span_id?: string;
  readonly severity_number: number;
  readonly attributes: Record<string, TypedAttribute>;
}

export interface LogParts {
  readonly record: ReadableLogRecord;
  readonly spanContext: SpanContext | undefined;
  readonly scopes: ContextScopes;
  readonly serviceName: string;
  readonly serviceAttributes: Readonly<Record<string, string>> | undefined;
  readonly businessIds: Readonly<Record<string, string>>;
}

/** A record in the words of Sentry's hook `beforeSendLog`. */
export function createLog(parts: LogParts, client: BridgeClient): Log {
  const { record } = parts;
  const level = readLogLevel(record.severityNumber);
  return {
    level,
    message: readBody(record.body ?? ""),
    severityNumber: record.severityNumber || readSeverityNumber(level),
    attributes: readAttributes(parts, client),
  };
}

/** What is sent of `log`, which a hook may have changed. */
export function createLogItem(log: Log, { record, spanContext, scopes }: LogParts): LogItem {
  const { level, message, attributes = {}, severityNumber } = log;
  return {
    timestamp: toSeconds(record.hrTime),
    level,
    body: toWellFormed(String(message)),
    // A record outside of any trace gets the id that errors from the same place would have.
    trace_id: spanContext?.traceId ?? scopes.scope.getPropagationContext().traceId,
    ...(spanContext && { span_id: spanContext.spanId }),
    severity_number: severityNumber ?? readSeverityNumber(level),
    attributes: typeAttributes(attributes),
  };
}

function readAttributes(parts: LogParts, client: BridgeClient): Record<string, unknown> {
  const { record, spanContext, scopes, serviceName, serviceAttributes, businessIds } = parts;
  const { user, attributes } = getCombinedScopeData(scopes.isolationScope, scopes.scope);
  const { release, environment } = client.getOptions();
  const sdk = client.getSdkMetadata()?.sdk;
  return {
    ...serviceAttributes,
    ...attributes,
    "user.id": user.id,
    "user.email": user.email,
    "user.name": user.username,
    ...readRecordAttributes(record),
    "service.name": serviceName,
    "sentry.release": release,
    "sentry.environment": environment ?? "production",
    "sentry.sdk.name": sdk?.name,
    "sentry.sdk.version": sdk?.version,
    "sentry.origin": "auto.log.otel",
    "sentry.trace.parent_span_id": spanContext?.spanId,
    ...businessIds,
  };
}

/** Sentry keeps single values only; what is deeper is kept as text. */
function readRecordAttributes({ attributes }: ReadableLogRecord): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      typeof value === "object" && value !== null && !Array.isArray(value) ? readBody(value) : value,
    ]),
  );
}

function readBody(body: unknown): string {
  if (typeof body === "string") return body;
  try {
    return JSON.stringify(body) ?? "";
  } catch {
    return String(body); // a cycle, or a BigInt
  }
}

function toSeconds([seconds, nanoseconds]: HrTime): number {
  return seconds + nanoseconds / 1e9;
}
