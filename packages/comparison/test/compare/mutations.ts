import type { DifferenceField, Trace, TraceSpan } from "../../src/index.ts";

/** One change of one thing that both sides have, and the one difference that it makes. */
export interface Mutation {
  name: string;
  field: DifferenceField;
  key?: string;
  /** Spans that have what is changed. */
  isFor?: (span: TraceSpan) => boolean;
  change: (span: TraceSpan, trace: Trace) => void;
}

const stranger = "feedfeedfeedfeed";

export function shift(unixNano: string, millis: number): string {
  return (BigInt(unixNano) + BigInt(Math.round(millis * 1e6))).toString();
}

/** What OTLP and Sentry both have, whichever of them is changed. */
export const spanMutations: readonly Mutation[] = [
  {
    name: "a span that is missing",
    field: "span",
    change: (span, trace) => void trace.spans.splice(trace.spans.indexOf(span), 1),
  },
  { name: "another parent", field: "parent", change: (span) => void (span.parentSpanId = stranger) },
  {
    name: "no parent",
    field: "parent",
    isFor: ({ parentSpanId }) => parentSpanId !== undefined,
    change: (span) => void delete span.parentSpanId,
  },
  { name: "another name", field: "name", change: (span) => void (span.name = "something else") },
  { name: "another service", field: "service", change: (span) => void (span.service = "elsewhere") },
  {
    name: "another kind",
    field: "kind",
    change: (span) => void (span.kind = span.kind === "client" ? "server" : "client"),
  },
  {
    name: "another status",
    field: "status",
    change: (span) => void (span.status = span.status === "error" ? "ok" : "error"),
  },
  {
    name: "another start, beyond the tolerance",
    field: "start",
    change: (span) => {
      span.startTimeUnixNano = shift(span.startTimeUnixNano, -2.5);
      span.endTimeUnixNano = shift(span.endTimeUnixNano, -2.5);
    },
  },
  {
    name: "another duration, beyond the tolerance",
    field: "duration",
    change: (span) => void (span.endTimeUnixNano = shift(span.endTimeUnixNano, 1.5)),
  },
  {
    name: "an attribute of another value",
    field: "attribute",
    key: "orderId",
    change: (span) => void (span.attributes["orderId"] = "somebody else's"),
  },
  {
    name: "an attribute less",
    field: "attribute",
    key: "orderId",
    isFor: ({ attributes }) => "orderId" in attributes && typeof attributes["orderId"] !== "object",
    change: (span) => void delete span.attributes["orderId"],
  },
  {
    name: "an attribute more",
    field: "attribute",
    key: "colour",
    change: (span) => void (span.attributes["colour"] = "red"),
  },
  {
    name: "the attribute that names are made of",
    field: "attribute",
    key: "http.route",
    isFor: ({ attributes }) => "http.route" in attributes,
    change: (span) => void (span.attributes["http.route"] = "/elsewhere"),
  },
  {
    name: "a destination less",
    field: "attribute",
    key: "messaging.destination.name",
    isFor: ({ attributes }) => "messaging.destination.name" in attributes,
    change: (span) => void delete span.attributes["messaging.destination.name"],
  },
  {
    name: "a link more",
    field: "link",
    change: (span) => void span.links.push({ traceId: "1".repeat(32), spanId: stranger, attributes: {} }),
  },
];

/** What Sentry has and OTLP implies. */
export const sentryMutations: readonly Mutation[] = [
  {
    name: "another op, as an envelope has it",
    field: "op",
    change: (span) => {
      span.op = "made.up";
      span.attributes["sentry.op"] = "made.up";
    },
  },
  {
    name: "no op, as an envelope has it",
    field: "op",
    change: (span) => {
      delete span.op;
      delete span.attributes["sentry.op"];
    },
  },
  {
    name: "another segment",
    field: "segment",
    change: (span) => void (span.isSegment = span.isSegment !== true),
  },
  ...[
    "sentry.op",
    "sentry.origin",
    "sentry.kind",
    "sentry.segment.id",
    "sentry.segment.name",
    "sentry.trace_lifecycle",
    "sentry.environment",
  ].flatMap((key): Mutation[] => [
    {
      name: `${key} of another value`,
      field: "attribute",
      key,
      isFor: ({ attributes }) => key in attributes,
      change: (span) => void (span.attributes[key] = "made up"),
    },
    {
      name: `no ${key}`,
      field: "attribute",
      key,
      isFor: ({ attributes }) => key in attributes,
      change: (span) => void delete span.attributes[key],
    },
  ]),
  {
    name: "service.name of another value",
    field: "attribute",
    key: "service.name",
    change: (span) => void (span.attributes["service.name"] = "made up"),
  },
  {
    name: "url.full of another value",
    field: "attribute",
    key: "url.full",
    isFor: ({ attributes }) => "url.full" in attributes,
    change: (span) => void (span.attributes["url.full"] = "http://localhost/made-up"),
  },
  {
    name: "another source of its segment's name",
    field: "attribute",
    key: "sentry.segment.name.source",
    isFor: ({ attributes }) => "sentry.segment.name.source" in attributes,
    change: (span) => void (span.attributes["sentry.segment.name.source"] = "view"),
  },
  {
    name: "a sample rate beyond 1",
    field: "attribute",
    key: "sentry.sample_rate",
    isFor: ({ attributes }) => "sentry.sample_rate" in attributes,
    change: (span) => void (span.attributes["sentry.sample_rate"] = 2),
  },
  {
    name: "another status message",
    field: "statusMessage",
    isFor: ({ attributes }) => "sentry.status.message" in attributes,
    change: (span) => void (span.attributes["sentry.status.message"] = "made up"),
  },
  {
    name: "no status message",
    field: "statusMessage",
    isFor: ({ attributes }) => "sentry.status.message" in attributes,
    change: (span) => void delete span.attributes["sentry.status.message"],
  },
];

/** What OTLP has and Sentry implies. */
export const otlpMutations: readonly Mutation[] = [
  {
    name: "another status message",
    field: "statusMessage",
    isFor: ({ statusMessage }) => statusMessage !== undefined,
    change: (span) => void (span.statusMessage = "made up"),
  },
  {
    name: "an exception less",
    field: "error",
    isFor: ({ events }) => events.some(({ name }) => name === "exception"),
    change: (span) => void (span.events = span.events.filter(({ name }) => name !== "exception")),
  },
  {
    name: "an exception with another message",
    field: "error",
    isFor: ({ events }) => events.some(({ name }) => name === "exception"),
    change: (span) => {
      for (const { attributes } of span.events) attributes["exception.message"] = "made up";
    },
  },
  {
    name: "an exception more",
    field: "error",
    // What an instrumentation met on its way is no issue at Sentry.
    isFor: ({ kind }) => kind === "consumer",
    change: (span) =>
      void span.events.push({
        name: "exception",
        timeUnixNano: span.endTimeUnixNano,
        attributes: { "exception.type": "Error", "exception.message": "made up" },
      }),
  },
  ...["sentry.sdk.name", "sentry.op", "sentry.segment.id"].map((key): Mutation => ({
    name: `a ${key}`,
    field: "attribute",
    key,
    change: (span) => void (span.attributes[key] = "made up"),
  })),
];
