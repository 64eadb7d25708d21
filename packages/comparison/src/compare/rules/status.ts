import type { TraceSpan } from "../../model.ts";
import { isBetweenOtelAndSentry as isBetween } from "./formats.ts";
import { predictPoor } from "./names.ts";
import type { Rule } from "./rule.ts";

/** Sentry carries it as an attribute, which a reader may have put into the field. */
export function readStatusMessage({ statusMessage, attributes }: TraceSpan): string | undefined {
  const attribute = attributes["sentry.status.message"];
  return statusMessage ?? (typeof attribute === "string" ? attribute : undefined);
}

const source = "https://develop.sentry.dev/sdk/telemetry/spans/span-protocol/";

export const statusRules: readonly Rule[] = [
  {
    id: "sentry-status",
    title: "Sentry knows the statuses ok and error only",
    reason: "A streamed span's status is `ok` or `error`: OpenTelemetry's `unset` becomes `ok`.",
    source,
    field: "status",
    isBetween,
    predict: ({ rich }) => ({ side: "poor", value: rich === "error" ? "error" : "ok" }),
  },
  {
    id: "sentry-status-message",
    title: "Sentry's status message is an attribute",
    reason: "A streamed span has no field for the message of its status; it carries `sentry.status.message`.",
    source,
    field: "attribute",
    isAbout: (key) => key === "sentry.status.message",
    isBetween,
    predict: ({ pair }) =>
      pair && { side: "poor", value: readStatusMessage(pair.rich), orElse: readStatusMessage(pair.poor) },
  },
  {
    id: "sentry-segment",
    title: "Sentry marks where a service's part of the trace starts",
    reason:
      "A segment is a span without a parent in its own process; OTLP's flags tell whether the parent is remote.",
    source: "https://develop.sentry.dev/sdk/telemetry/spans/span-protocol/",
    field: "segment",
    isBetween,
    predict: ({ pair }, { rich }) => predictPoor(pair, (span) => rich.segmentOf(span) === span.spanId),
  },
];
