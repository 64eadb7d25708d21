import { trace } from "@opentelemetry/api";
import type { Attributes, Span, SpanKind } from "@opentelemetry/api";
import { markFailed } from "../errors/index.ts";
import { settle } from "./settle.ts";

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
  return trace.getTracer(TRACER_NAME).startActiveSpan(name, spanOptions, (span) =>
    settle(() => fn(span), {
      failed: (error) => markFailed(span, error),
      finished: () => {
        // A page that was put away has ended it before.
        if (span.isRecording()) span.end();
      },
    }),
  );
}
