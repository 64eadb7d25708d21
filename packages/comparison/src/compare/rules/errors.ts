import type { TraceError } from "../../model.ts";
import { isBetweenOtelAndSentry as isBetween } from "./formats.ts";
import type { Scene } from "../scene.ts";
import type { Rule } from "./rule.ts";

const exceptionsOnSpans = "https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/";

/** An exception as a span's event tells it, or an issue's event; what `compareErrors` makes of them. */
export interface ToldError {
  event?: "exception";
  spanId?: string;
  title: string;
  otherTitles?: readonly string[];
  isNoFailure?: boolean;
  level?: string;
  /** An earlier exception is the same one. */
  isRepeated?: boolean;
}

function isTold(value: unknown): value is ToldError {
  return typeof value === "object" && value !== null && "title" in value;
}

export function isAborted(titles: readonly string[]): boolean {
  return titles.some((title) => title.startsWith("AbortError: "));
}

/** A message of a failure's level is a log record of this text there. */
function isLogged({ spanId, title }: ToldError, { rich }: Scene): boolean {
  return rich.trace.logs.some((log) => log.body === title && log.spanId === spanId);
}

const messageLevels: ReadonlySet<string | undefined> = new Set(["log", "info", "debug"]);

export const errorRules: readonly Rule[] = [
  {
    id: "sentry-exception-issue",
    title: "An exception on a span is an issue at Sentry",
    reason:
      "Sentry keeps no span events; it has an issue's event with the same title on the same span. Where OpenTelemetry's SDK has an " +
      "error's code for its type, Sentry may have its class.",
    source: exceptionsOnSpans,
    field: "error",
    isBetween,
    predict: ({ rich, poor }) =>
      isTold(rich) && isTold(poor)
        ? {
            side: "poor",
            value: { ...poor, spanId: rich.spanId, title: rich.title },
            orElse: () => (rich.otherTitles ?? []).map((title) => ({ ...poor, spanId: rich.spanId, title })),
          }
        : undefined,
  },
  {
    id: "sentry-no-failure",
    title: "Sentry makes no issue of what an instrumentation met",
    reason:
      "An instrumentation records what a call threw (on a client or producer), which the application may have handled, and the errors by " +
      "which a service answers with less than 500. What nobody handles is on the span of the request, too.",
    source: "https://docs.sentry.io/platforms/javascript/guides/express/#report-unhandled-exceptions",
    field: "error",
    isBetween,
    predict: ({ rich }) =>
      isTold(rich) && rich.isNoFailure === true ? { side: "poor", value: undefined } : undefined,
  },
  {
    id: "sentry-aborted",
    title: "Sentry makes no issue of what was aborted",
    reason: "Errors called `AbortError` are ignored unless told otherwise: somebody wanted them.",
    source: "https://docs.sentry.io/platforms/javascript/guides/node/configuration/filtering/",
    field: "error",
    isBetween,
    predict: ({ rich }) =>
      isTold(rich) && isAborted([rich.title, ...(rich.otherTitles ?? [])])
        ? { side: "poor", value: undefined }
        : undefined,
  },
  {
    id: "sentry-error-once",
    title: "Sentry has an error once that was recorded several times",
    reason:
      "An error on its way up is recorded on each span that it passes; Sentry's SDK sends the same error object once.",
    source: "https://docs.sentry.io/platforms/javascript/guides/node/configuration/integrations/dedupe/",
    field: "error",
    isBetween,
    predict: ({ rich }) =>
      isTold(rich) && rich.isRepeated === true ? { side: "poor", value: undefined } : undefined,
  },
  {
    id: "otlp-error-without-span",
    title: "OpenTelemetry has no error without its span",
    reason:
      "Its errors are events of spans: an error outside any span, or on a span that was not kept, is Sentry's alone.",
    source: exceptionsOnSpans,
    field: "error",
    isBetween,
    predict: ({ poor }, scene) =>
      isTold(poor) && !scene.rich.spans.has(poor.spanId ?? "")
        ? { side: "rich", value: undefined }
        : undefined,
  },
  {
    id: "sentry-message",
    title: "A message to Sentry is no exception",
    reason:
      "`captureMessage` makes an issue of the level `info` unless told otherwise, without an exception that a span could have.",
    source: "https://docs.sentry.io/platforms/javascript/guides/node/usage/#capturing-messages",
    field: "error",
    isBetween,
    predict: ({ rich, poor }, scene) =>
      rich === undefined &&
      isTold(poor) &&
      (messageLevels.has(poor.level ?? "error") || isLogged(poor, scene))
        ? { side: "rich", value: undefined }
        : undefined,
  },
  {
    id: "sentry-api-error",
    title: "Sentry's trace API tells less of an error",
    reason:
      "It lists an error with its title, level, time and span; tags and breadcrumbs are in the event itself.",
    source: "https://github.com/getsentry/sentry/blob/master/src/sentry/snuba/trace.py",
    field: "error",
    isBetween: (rich, poor) => rich === "sentry" && poor === "sentry-api",
    predict: ({ rich, poor }) => {
      if (!isTold(rich) || !isTold(poor)) return undefined;
      const error = rich as unknown as TraceError;
      return { side: "poor", value: { ...error, tags: {}, breadcrumbs: [] } };
    },
  },
];
