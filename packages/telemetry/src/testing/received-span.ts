import type { OtlpSpanKind, Receiver } from "@tracebridge/receivers";

/** The two kinds of back end that a receiver stands in for. */
export type BackEnd = "sentry" | "otlp";

/** A span as one back end received it, in OpenTelemetry's words. */
export interface ReceivedSpan {
  readonly backEnd: BackEnd;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly service: string;
  readonly name: string;
  readonly kind: OtlpSpanKind;
  /** `ok` is whatever is no error; Sentry does not tell OpenTelemetry's `unset` from its `ok`. */
  readonly status: "ok" | "error";
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The part of a receiver that matchers read. */
export type ReceivedSpans = {
  readonly [Name in BackEnd]: { readonly spans: Receiver[Name]["spans"] };
};

export const backEnds = ["sentry", "otlp"] as const;

export const backEndNames: Readonly<Record<BackEnd, string>> = { sentry: "Sentry", otlp: "OTLP" };

const kinds: readonly unknown[] = ["server", "client", "producer", "consumer"] satisfies OtlpSpanKind[];

/**
 * Every span that arrived, once for each back end that got it.
 *
 * @throws TypeError when `receiver` is none
 */
export function readReceivedSpans(receiver: ReceivedSpans): ReceivedSpan[] {
  if (!isReceiver(receiver)) throw new TypeError("expected a receiver, as startReceiver() returns it");
  return [...receiver.sentry.spans.map(fromSentry), ...receiver.otlp.spans.map(fromOtlp)];
}

function isReceiver(value: Partial<ReceivedSpans> | null | undefined): boolean {
  return backEnds.every((backEnd) => Array.isArray(value?.[backEnd]?.spans));
}

function fromSentry(span: ReceivedSpans["sentry"]["spans"][number]): ReceivedSpan {
  const kind = span.attributes["sentry.kind"];
  return {
    backEnd: "sentry",
    ...readShared(span),
    kind: isKind(kind) ? kind : "internal",
    status: span.status,
  };
}

function fromOtlp(span: ReceivedSpans["otlp"]["spans"][number]): ReceivedSpan {
  return {
    backEnd: "otlp",
    ...readShared(span),
    kind: span.kind,
    status: span.status === "error" ? "error" : "ok",
  };
}

function readShared(
  span: ReceivedSpans[BackEnd]["spans"][number],
): Omit<ReceivedSpan, "backEnd" | "kind" | "status"> {
  const { traceId, spanId, parentSpanId, service = "?", name, attributes } = span;
  return { traceId, spanId, parentSpanId, service, name, attributes };
}

function isKind(value: unknown): value is OtlpSpanKind {
  return kinds.includes(value);
}

/** `service: kind name`, with what went wrong. */
export function describeSpan({ service, kind, name, status }: ReceivedSpan): string {
  return `${service}: ${kind} ${name}${status === "error" ? " (error)" : ""}`;
}
