import type { Attributes, HrTime, Span } from "@opentelemetry/api";
import { spanTimeInputToSeconds, spanToJSON, spanToStaticSpanJSON } from "@sentry/core";
import type { Span as SentrySpan } from "@sentry/core";

type Time = Parameters<SentrySpan["end"]>[0];

const behind = new WeakMap<object, Span>();

/**
 * Lets `face`, a span that Sentry made and the application holds, stand for an OpenTelemetry span: what is done to the
 * one is done to the other, and what is asked of it the other answers. Sentry's own part of it does nothing any more:
 * it never ends, so it is never sent.
 */
export function putFaceOn(span: Span, face: SentrySpan): void {
  behind.set(face, span);
  Object.assign(face, createReaders(span), createWriters(span, face));
}

/** The OpenTelemetry span behind `face`; `undefined` when it is nobody's face. */
export function readSpanBehind(face: SentrySpan): Span | undefined {
  return behind.get(face);
}

function createReaders(span: Span) {
  return {
    spanContext: () => span.spanContext(),
    isRecording: () => span.isRecording(),
    // What Sentry.spanToJSON, and Sentry's handling of errors, ask a span of theirs.
    getSpanJSON: () => spanToJSON(span),
    getStaticSpanJSON: () => spanToStaticSpanJSON(span),
  };
}

/** OpenTelemetry complains of what is done to an ended span, Sentry does not. */
function createWriters(span: Span, face: SentrySpan) {
  const whileRecording = <A extends unknown[]>(write: (...args: A) => unknown) => {
    return (...args: A): SentrySpan => {
      if (span.isRecording()) write(...args);
      return face;
    };
  };
  return {
    // `undefined` takes an attribute away at Sentry; OpenTelemetry leaves it.
    setAttribute: whileRecording((key: string, value: never) => span.setAttribute(key, value)),
    setAttributes: whileRecording((attributes: Attributes) => span.setAttributes(attributes)),
    setStatus: whileRecording((status: Parameters<Span["setStatus"]>[0]) => span.setStatus(status)),
    updateName: whileRecording((name: string) => span.updateName(name)),
    addLink: whileRecording((link: Parameters<Span["addLink"]>[0]) => span.addLink(link)),
    addLinks: whileRecording((links: Parameters<Span["addLinks"]>[0]) => span.addLinks(links)),
    addEvent: whileRecording((name: string, attributes?: Attributes | Time, time?: Time) =>
      isTime(attributes)
        ? span.addEvent(name, readTime(attributes))
        : span.addEvent(name, attributes, readTime(time)),
    ),
    recordException: whileRecording((exception: Error, time?: Time) =>
      span.recordException(exception, readTime(time)),
    ),
    end: whileRecording((time?: Time) => span.end(readTime(time))),
  };
}

/** Sentry's times may be seconds, which OpenTelemetry would take for something else. */
export function readTime(time: Time): HrTime | undefined {
  if (time === undefined) return undefined;
  const seconds = spanTimeInputToSeconds(time);
  const whole = Math.floor(seconds);
  return [whole, Math.min(Math.round((seconds - whole) * 1e9), 999_999_999)];
}

function isTime(value: Attributes | Time): value is NonNullable<Time> {
  return typeof value === "number" || value instanceof Date || Array.isArray(value);
}
