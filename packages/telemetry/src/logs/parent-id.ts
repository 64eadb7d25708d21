import { trace } from "@opentelemetry/api";
import type { Context, Span } from "@opentelemetry/api";

/** On log lines, beside `trace_id` and `span_id`. Records have none: their span tells it. */
export const PARENT_ID = "parent_id";

/** The id of the parent of a span; `undefined` of the first one, and of one that is not the SDK's. */
export function readParentId(span: Span | undefined): string | undefined {
  const parent: unknown = span && "parentSpanContext" in span ? span.parentSpanContext : undefined;
  if (typeof parent !== "object" || parent === null || !("spanId" in parent)) return undefined;
  return typeof parent.spanId === "string" ? parent.spanId : undefined;
}

/** Takes out of a record what its line was given; a field of that name that the application wrote itself stays. */
export function dropParentId(attributes: Record<string, unknown>, context: Context): void {
  if (!(PARENT_ID in attributes)) return;
  if (attributes[PARENT_ID] === readParentId(trace.getSpan(context))) delete attributes[PARENT_ID];
}
