import type { SpanEvent, TraceSpan } from "../model.ts";
import { compareTimes } from "../time.ts";
import type { Side } from "./scene.ts";

export interface ToldException {
  spanId: string;
  title: string;
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
  const title = readTitle(event);
  const stack = event.attributes["exception.stacktrace"] ?? [spanId, timeUnixNano];
  const identity = JSON.stringify([side.segmentOf(span) ?? spanId, title, stack]);
  return { spanId, title, service, timeUnixNano, identity };
}

function isException({ name }: SpanEvent): boolean {
  return name === "exception";
}

/** As Sentry titles an issue. */
function readTitle({ attributes }: SpanEvent): string {
  const { "exception.type": type, "exception.message": message } = attributes;
  return `${typeof type === "string" ? type : "Error"}: ${typeof message === "string" ? message : ""}`;
}
