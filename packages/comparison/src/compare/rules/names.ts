import { isBetweenOtelAndSentry as isBetween } from "./formats.ts";
import { predictPoor } from "./predict.ts";
import type { Rule } from "./rule.ts";
import { readSentryOrigin } from "./sentry-origin.ts";
import { readSentryDestination, readSentryName, readSentryOp, routingKey } from "./sentry-words.ts";

const spanProtocol = "https://develop.sentry.dev/sdk/telemetry/spans/span-protocol/";
const sentrySource = "https://github.com/getsentry/sentry-javascript";

export const nameRules: readonly Rule[] = [
  {
    id: "sentry-name",
    title:
      "Sentry names layers by their route, requests by their host, messages by their exchange, commands by their database",
    reason:
      "Where a span has the name that its instrumentation gave it, Sentry has another: a handler is called by the route (`/order`, " +
      "not `request handler`), a request by method and host (`GET example.com`, not `GET`), a message by its exchange, a command about no collection by its database. What an application, or an " +
      "instrumentation that Sentry does not know, called otherwise has the name that these attributes give.",
    source: sentrySource,
    field: "name",
    isBetween,
    predict: ({ pair }) => predictPoor(pair, (span) => readSentryName(span) ?? span.name),
  },
  {
    id: "sentry-destination",
    title: "Sentry calls a destination by its exchange alone",
    reason:
      "OpenTelemetry's name of a RabbitMQ destination is `exchange:key:queue`; Sentry has the exchange, or the queue where that is the " +
      "default one, so that producers and consumers have the same.",
    source: "https://opentelemetry.io/docs/specs/semconv/messaging/rabbitmq/",
    field: "attribute",
    key: "messaging.destination.name",
    isBetween,
    predict: ({ pair }) => {
      if (!pair) return undefined;
      const { [routingKey]: seen = null } = pair.poor.attributes;
      return {
        side: "poor",
        value: readSentryDestination(pair.rich.kind, pair.rich.attributes),
        orElse: () => [
          readSentryDestination(pair.rich.kind, { ...pair.rich.attributes, [routingKey]: seen }),
        ],
      };
    },
  },
  {
    id: "sentry-op",
    title: "Sentry has an op for each kind of operation",
    reason: "The op follows from OpenTelemetry's kind and semantic conventions, which have no such word.",
    source: "https://develop.sentry.dev/sdk/telemetry/traces/span-operations/",
    field: "op",
    isRequired: true,
    isBetween,
    predict: ({ pair }) => predictPoor(pair, readSentryOp),
  },
  {
    id: "sentry-op-attribute",
    title: "Sentry's op is an attribute",
    reason: "A streamed span has no field for the op; it has the attribute `sentry.op`.",
    source: spanProtocol,
    field: "attribute",
    key: "sentry.op",
    isRequired: true,
    isDerived: true,
    isBetween,
    predict: ({ pair }) =>
      pair && { side: "poor", value: readSentryOp(pair.rich), orElse: () => [pair.poor.op] },
  },
  {
    id: "sentry-origin",
    title: "Sentry says which instrumentation made a span",
    reason:
      "`sentry.origin` is what Sentry has in place of OpenTelemetry's instrumentation scope: the origin of Sentry's own instrumentation " +
      "of the same library, `auto.<category>.otel.<name>` where it has none, `manual` for what is no instrumentation.",
    source: "https://develop.sentry.dev/sdk/telemetry/traces/trace-origin/",
    field: "attribute",
    key: "sentry.origin",
    isRequired: true,
    isDerived: true,
    isBetween,
    predict: ({ pair }) => predictPoor(pair, readSentryOrigin),
  },
  {
    id: "sentry-kind-internal",
    title: "Sentry leaves the kind `internal` out",
    reason: "Sentry's SDK writes `sentry.kind` for the other four kinds only.",
    source: spanProtocol,
    field: "kind",
    isBetween,
    predict: ({ pair }) => (pair?.rich.kind === "internal" ? { side: "poor", value: undefined } : undefined),
  },
  {
    id: "sentry-kind-attribute",
    title: "Sentry's kind is an attribute",
    reason: "A streamed span has no field for the kind; it has the attribute `sentry.kind`.",
    source: spanProtocol,
    field: "attribute",
    key: "sentry.kind",
    isRequired: true,
    isDerived: true,
    isBetween,
    predict: ({ pair }) =>
      pair && {
        side: "poor",
        value: pair.rich.kind === "internal" ? undefined : pair.rich.kind,
        orElse: () => [pair.poor.kind],
      },
  },
  {
    id: "sentry-custom-name",
    title: "Sentry takes the name that was chosen for it",
    reason: "`sentry.custom_span_name` becomes the name of the span at Sentry and is not sent.",
    source: sentrySource,
    field: "attribute",
    key: "sentry.custom_span_name",
    isBetween,
    predict: () => ({ side: "poor", value: undefined }),
  },
];
