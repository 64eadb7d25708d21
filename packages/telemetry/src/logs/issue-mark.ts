import { createContextKey } from "@opentelemetry/api";
import type { Context } from "@opentelemetry/api";

const ISSUE = createContextKey("tracebridge: an issue in Sentry");

/** The context for a log record of something that Sentry gets as an issue: it needs no log there as well. */
export function withIssueMark(context: Context): Context {
  return context.setValue(ISSUE, true);
}

export function hasIssueMark(context: Context): boolean {
  return context.getValue(ISSUE) === true;
}
