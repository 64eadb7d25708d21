import { SpanStatusCode, trace } from "@opentelemetry/api";
import type { Attributes, Span, SpanKind } from "@opentelemetry/api";
import { readErrorMessage } from "../errors/capture-error.ts";

export interface WithSpanOptions {
  readonly attributes?: Attributes;
  /** Sentry's operation, for example `function`; other back ends see it as the attribute `sentry.op`. */
  readonly op?: string;
  readonly kind?: SpanKind;
}

const TRACER_NAME = "@tracebridge/telemetry";

/**
 * Runs `fn` inside a new span and ends the span when `fn` has returned or its promise has settled. What `fn` throws
 * sets the span's status and is thrown on.
 */
export function withSpan<T>(name: string, fn: (span: Span) => T, options: WithSpanOptions = {}): T {
  const { op, kind } = options;
  const attributes = op === undefined ? options.attributes : { ...options.attributes, "sentry.op": op };
  const spanOptions = { ...(attributes && { attributes }), ...(kind !== undefined && { kind }) };
  return trace.getTracer(TRACER_NAME).startActiveSpan(name, spanOptions, (span) => runAndEnd(span, fn));
}

function runAndEnd<T>(span: Span, fn: (span: Span) => T): T {
  let result: T;
  try {
    result = fn(span);
  } catch (error) {
    endWithError(span, error);
    throw error;
  }
  if (!isPromiseLike(result)) {
    span.end();
    return result;
  }
  const settled = result.then(
    (value) => {
      span.end();
      return value;
    },
    (error: unknown) => {
      endWithError(span, error);
      throw error;
    },
  );
  return settled as T;
}

function endWithError(span: Span, error: unknown): void {
  const message = readErrorMessage(error);
  span.recordException(error instanceof Error ? error : message);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.end();
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
