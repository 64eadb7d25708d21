import type { Fields } from "../plain.ts";

/** A streamed span (`application/vnd.sentry.items.span.v2+json`). Times are seconds since 1970. */
export interface SentrySpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  /** The attribute `sentry.op`. */
  op?: string;
  isSegment: boolean;
  status: "ok" | "error";
  startTimestamp: number;
  endTimestamp: number;
  /** The values alone, without the type that Sentry sends beside each. */
  attributes: Record<string, unknown>;
  links: Fields[];
  /** The attribute `service.name`, or else `server.name`. */
  service?: string;
}

export interface SentryLog {
  traceId?: string;
  spanId?: string;
  /** Seconds since 1970. */
  timestamp: number;
  level: string;
  severityNumber?: number;
  body: string;
  attributes: Record<string, unknown>;
  service?: string;
}

/** An error or message event. */
export interface SentryEvent {
  eventId: string;
  /** Seconds since 1970. */
  timestamp?: number;
  level?: string;
  message?: string;
  traceId?: string;
  spanId?: string;
  exceptions: { type: string; value: string }[];
  breadcrumbs: Fields[];
  tags: Record<string, unknown>;
  contexts: Fields;
  /** The tag `service`, or else the server's name. */
  service?: string;
  raw: Fields;
}

export interface SentryClientReport {
  timestamp?: number;
  discarded: { reason: string; category: string; quantity: number }[];
}

/** Everything that one envelope carried. */
export interface SentryEnvelope {
  header: Fields;
  itemTypes: string[];
  spans: SentrySpan[];
  events: SentryEvent[];
  logs: SentryLog[];
  clientReports: SentryClientReport[];
  /** Items of other kinds (sessions, attachments, …), kept by type. */
  other: { type: string; payload: unknown }[];
  /** Items of a kind we know whose content could not be understood; the rest of the envelope is kept. */
  rejected: { type: string; reason: string }[];
}
