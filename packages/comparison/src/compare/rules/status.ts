import { readString } from "@tracebridge/receivers";
import type { TraceSpan } from "../../model.ts";
import { isBetweenOtelAndSentry as isBetween } from "./formats.ts";
import type { SpanPair } from "../scene.ts";
import { predictPoor } from "./predict.ts";
import type { Rule } from "./rule.ts";

const spanProtocol = "https://develop.sentry.dev/sdk/telemetry/spans/span-protocol/";
const httpStatuses =
  "https://github.com/getsentry/sentry-javascript/blob/develop/packages/core/src/tracing/spanstatus.ts";

/** Sentry's word for a failed request, by its status code; for what is not here `readFailure` has a word. */
const failures: Readonly<Record<number, string>> = {
  401: "unauthenticated",
  403: "permission_denied",
  404: "not_found",
  409: "already_exists",
  413: "failed_precondition",
  429: "resource_exhausted",
  499: "cancelled",
  501: "unimplemented",
  503: "unavailable",
  504: "deadline_exceeded",
};

function readFailure({ kind, attributes }: TraceSpan): string | undefined {
  const code = attributes["http.response.status_code"];
  if ((kind !== "server" && kind !== "client") || typeof code !== "number" || code < 400) return undefined;
  return failures[code] ?? (code < 500 ? "invalid_argument" : "internal_error");
}

/** Sentry carries it as an attribute, which a reader may have put into the field. */
export function readStatusMessage({ statusMessage, attributes }: TraceSpan): string | undefined {
  return statusMessage ?? readString(attributes["sentry.status.message"]);
}

/** Where OpenTelemetry has a message of its own, that it is missing is told of the field. */
function readToldMessage({ rich, poor }: SpanPair): (string | undefined)[] {
  const told = readStatusMessage(poor);
  return told === undefined && rich.statusMessage === undefined ? [] : [told];
}

/** Sentry's status and message: a status that somebody set stays what it is, an unset one goes by HTTP. */
function readSentryStatus(span: TraceSpan): { status: "ok" | "error"; message?: string } {
  if (span.status === "ok") return { status: "ok" };
  const told = span.status === "error" ? readString(span.statusMessage) : undefined;
  if (told !== undefined) return told === "cancelled" ? { status: "ok" } : { status: "error", message: told };
  const failure = readFailure(span);
  if (failure !== undefined) return { status: failure === "cancelled" ? "ok" : "error", message: failure };
  return { status: span.status === "error" ? "error" : "ok" };
}

/** Where the sides contradict each other in what decides it, Sentry's own word for that may be the one it went by. */
function seeWithPoor({ rich, poor }: SpanPair): TraceSpan {
  const { parentSpanId: _parent, ...span } = rich;
  const { kind = "internal", service, parentSpanId } = poor;
  return { ...span, kind, service, ...(parentSpanId === undefined ? {} : { parentSpanId }) };
}

export const statusRules: readonly Rule[] = [
  {
    id: "sentry-status",
    title: "Sentry knows the statuses ok and error only",
    reason:
      "A streamed span's status is `ok` or `error`: OpenTelemetry's `unset` becomes `ok`, but `error` on a request that failed with " +
      "400 or more, and `ok` on one that the caller gave up.",
    source: spanProtocol,
    field: "status",
    isBetween,
    predict: ({ pair }) => predictPoor(pair, (span) => readSentryStatus(span).status),
  },
  {
    id: "sentry-status-word",
    title: "Sentry has a word for each failed request",
    reason:
      "Where OpenTelemetry has no message, Sentry has a word for the HTTP status (`not_found`). With a status that was set to ok, or to " +
      "an error called `cancelled`, Sentry has no message.",
    source: httpStatuses,
    field: "statusMessage",
    isBetween,
    predict: ({ pair }) => predictPoor(pair, (span) => readSentryStatus(span).message),
  },
  {
    id: "sentry-status-message",
    title: "Sentry's status message is an attribute",
    reason:
      "A streamed span has no field for the message of its status; it has the attribute `sentry.status.message`.",
    source: spanProtocol,
    field: "attribute",
    key: "sentry.status.message",
    isDerived: true,
    isRequired: true,
    isBetween,
    predict: ({ pair }) =>
      pair && {
        side: "poor",
        value: readSentryStatus(pair.rich).message,
        orElse: () => readToldMessage(pair),
      },
  },
  {
    id: "sentry-segment",
    title: "Sentry marks where a service's part of the trace starts",
    reason:
      "A segment is a span without a parent in its own process; OTLP's flags tell whether the parent is remote.",
    source: spanProtocol,
    field: "segment",
    isRequired: true,
    isBetween,
    predict: ({ pair }, { rich, poor }) =>
      pair && {
        side: "poor",
        value: rich.segmentOf(pair.rich) === pair.rich.spanId,
        orElse: () => [poor.startsSegment(seeWithPoor(pair))],
      },
  },
];
