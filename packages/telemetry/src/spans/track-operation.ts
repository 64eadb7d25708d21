import type { Span } from "@opentelemetry/api";
import { captureError } from "../errors/index.ts";
import { settle } from "./settle.ts";
import { withSpan } from "./with-span.ts";
import type { WithSpanOptions } from "./with-span.ts";

/** What stands for an error without a type: https://opentelemetry.io/docs/specs/semconv/registry/attributes/error/ */
const UNKNOWN_TYPE = "_OTHER";

/**
 * Runs a unit of work that matters by itself: a span with its duration and, when it fails, `error.type` and the error
 * captured with the tag `operation`, also where the trace is not sampled. The error is thrown on; it is one issue,
 * however many operations it climbs through.
 */
export function trackOperation<T>(name: string, fn: (span: Span) => T, options: WithSpanOptions = {}): T {
  const run = (span: Span): T =>
    settle(() => fn(span), {
      failed: (error) => {
        span.setAttribute("error.type", readErrorType(error));
        captureError(error, { tags: { operation: name } });
      },
    });
  return withSpan(name, run, options);
}

function readErrorType(error: unknown): string {
  try {
    return error instanceof Error ? error.name : UNKNOWN_TYPE;
  } catch {
    return UNKNOWN_TYPE; // a getter or a proxy that throws
  }
}
