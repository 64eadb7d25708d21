import type { Attributes, SpanEvent, TraceSpan } from "../model.ts";
import { compareTimes } from "../time.ts";
import { isInstrumentation } from "./rules/instrumentations.ts";
import type { Side } from "./scene.ts";

export interface ToldException {
  spanId: string;
  title: string;
  /** What Sentry may call it instead, by what the error itself says. */
  otherTitles: readonly string[];
  /** An instrumentation recorded it, and it is nobody's failure. */
  isNoFailure: boolean;
  service: string;
  timeUnixNano: string;
  /** The same for exceptions that are one error, recorded again on its way up: in one segment, with one stack. */
  identity: string;
}

/**
 * The exceptions on a side's spans in the order of time.
 * https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/
 */
export function readExceptions(side: Side): ToldException[] {
  return side.trace.spans
    .flatMap((span) => span.events.filter(isException).map((event) => readException(side, span, event)))
    .toSorted((a, b) => compareTimes(a.timeUnixNano, b.timeUnixNano));
}

function readException(side: Side, span: TraceSpan, event: SpanEvent): ToldException {
  const { spanId, service } = span;
  const { timeUnixNano } = event;
  const [title = "", ...otherTitles] = readTitles(event.attributes);
  const stack = event.attributes["exception.stacktrace"] ?? [spanId, timeUnixNano];
  const identity = JSON.stringify([side.segmentOf(span) ?? spanId, title, stack]);
  return {
    spanId,
    title,
    otherTitles,
    isNoFailure: isNoFailure(side, span),
    service,
    timeUnixNano,
    identity,
  };
}

function isException({ name }: SpanEvent): boolean {
  return name === "exception";
}

/**
 * An instrumentation records what a call to another program threw, which the application may have handled, and the errors by
 * which an application answers a mistake of its caller.
 */
function isNoFailure(side: Side, span: TraceSpan): boolean {
  if (!isInstrumentation(span.scope?.name ?? "")) return false;
  if (span.kind === "client" || span.kind === "producer") return true;
  const segment = side.spans.get(side.segmentOf(span) ?? "");
  const code = segment?.attributes["http.response.status_code"];
  return typeof code === "number" && code < 500;
}

/**
 * As Sentry titles an issue. OpenTelemetry's SDK takes the code of an error for its type: its class is in the first line of its
 * stack. Of an object that is no error Sentry tells the keys.
 */
export function readTitles({
  "exception.type": type,
  "exception.message": message,
  "exception.stacktrace": stack,
}: Attributes): string[] {
  const text = typeof message === "string" ? message : "";
  const title = `${typeof type === "string" ? type : "Error"}: ${text}`;
  const [, name] = /^([\w$.]+)(?: \[\w+\])?(?:: |\n)/u.exec(typeof stack === "string" ? stack : "") ?? [];
  const keys = type === undefined ? readKeys(text) : undefined;
  return [
    title,
    ...(name === undefined ? [] : [`${name}: ${text}`]),
    ...(keys ? [`Error: Object captured as exception with keys: ${keys.join(", ")}`] : []),
  ];
}

function readKeys(text: string): string[] | undefined {
  try {
    const value: unknown = text.startsWith("{") ? JSON.parse(text) : undefined;
    return typeof value === "object" && value !== null ? Object.keys(value).toSorted() : undefined;
  } catch {
    return undefined;
  }
}
