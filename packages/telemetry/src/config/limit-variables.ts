import type { Row } from "./row.ts";

/** How much one span or log record may hold. */
export const limitVariables = [
  limit(
    "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "4096",
    "Longest text of an attribute of a span or log record; longer ones are cut.",
    1,
  ),
  limit("OTEL_ATTRIBUTE_COUNT_LIMIT", "128", "Most attributes on a span or log record."),
  limit(
    "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "",
    "The length limit for spans.",
    1,
    "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
  ),
  limit("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "", "The count limit for spans.", 0, "OTEL_ATTRIBUTE_COUNT_LIMIT"),
  limit(
    "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "",
    "The length limit for log records.",
    1,
    "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
  ),
  limit(
    "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT",
    "",
    "The count limit for log records.",
    0,
    "OTEL_ATTRIBUTE_COUNT_LIMIT",
  ),
  limit("OTEL_SPAN_EVENT_COUNT_LIMIT", "128", "Most events on a span; the latest are kept."),
  limit("OTEL_SPAN_LINK_COUNT_LIMIT", "128", "Most links on a span; the latest are kept."),
  limit("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "128", "Most attributes on a span event."),
  limit("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "128", "Most attributes on a span link."),
] as const satisfies readonly Row[];

function limit<Name extends string>(
  name: Name,
  value: string,
  description: string,
  minimum = 0,
  fallback?: string,
) {
  const row = { name, type: "integer", minimum, default: value, description } as const satisfies Row;
  return fallback === undefined ? row : { ...row, defaultRule: `the value of ${fallback}` };
}
