import type { TraceSpan } from "../../model.ts";
import type { SpanPair } from "../scene.ts";
import { isBetweenOtelAndSentry as isBetween } from "./formats.ts";
import type { Prediction, Rule } from "./rule.ts";
import { readSentryOp, readSentryOrigin } from "./sentry-op.ts";

/** Predicts the poor side from the rich one, or else from what it says of itself. */
export function predictPoor(
  pair: SpanPair | undefined,
  derive: (span: TraceSpan) => unknown,
): Prediction | undefined {
  if (!pair) return undefined;
  const value = derive(pair.rich);
  return value === undefined ? undefined : { side: "poor", value, orElse: derive(pair.poor) };
}

const capturedSpans = "https://docs.sentry.io/platforms/javascript/guides/node/";

/** What Sentry calls a span where OpenTelemetry's instrumentation calls it otherwise. */
function readSentryName({ name, kind, attributes }: TraceSpan): string | undefined {
  const route = attributes["http.route"];
  const isHandler =
    attributes["express.type"] === "request_handler" || attributes["fastify.type"] === "request-handler";
  if (isHandler && typeof route === "string") return route;
  const method = attributes["http.request.method"];
  const host = attributes["url.domain"] ?? attributes["server.address"];
  // A span that was renamed by hand keeps its name.
  if (kind === "client" && typeof host === "string" && name === method) return `${method} ${host}`;
  return undefined;
}

export const nameRules: readonly Rule[] = [
  {
    id: "sentry-name",
    title: "Sentry names handlers by their route and requests by their host",
    reason:
      "Sentry's own Express and Fastify spans are called by the route (`/order`), its requests by method and host " +
      "(`GET example.com`); OpenTelemetry's by their kind of layer and by the method alone.",
    source: capturedSpans,
    field: "name",
    isBetween,
    predict: ({ pair }) => predictPoor(pair, readSentryName),
  },
  {
    id: "sentry-op",
    title: "Sentry has an op for each kind of operation",
    reason:
      "`sentry.op` follows from OpenTelemetry's kind and semantic conventions, which have no such word.",
    source: "https://develop.sentry.dev/sdk/telemetry/traces/span-operations/",
    field: "op",
    isBetween,
    predict: ({ pair }) => predictPoor(pair, readSentryOp),
  },
  {
    id: "sentry-op-attribute",
    title: "Sentry's op is an attribute",
    reason: "A streamed span carries its op as the attribute `sentry.op`.",
    source: "https://develop.sentry.dev/sdk/telemetry/spans/span-protocol/",
    field: "attribute",
    isAbout: (key) => key === "sentry.op",
    isBetween,
    predict: ({ pair }) => pair && { side: "poor", value: readSentryOp(pair.rich), orElse: pair.poor.op },
  },
  {
    id: "sentry-origin",
    title: "Sentry says which instrumentation made a span",
    reason: "`sentry.origin` is what Sentry has in place of OpenTelemetry's instrumentation scope.",
    source: "https://develop.sentry.dev/sdk/telemetry/traces/trace-origin/",
    field: "attribute",
    isAbout: (key) => key === "sentry.origin",
    isBetween,
    predict: ({ pair }) =>
      pair && {
        side: "poor",
        value: readSentryOrigin(pair.rich),
        orElse: readSentryOrigin({ ...pair.rich, kind: pair.poor.kind ?? "internal" }),
      },
  },
  {
    id: "sentry-kind-internal",
    title: "Sentry leaves the kind `internal` out",
    reason: "Sentry's SDK writes `sentry.kind` for the other four kinds only.",
    source: "https://develop.sentry.dev/sdk/telemetry/spans/span-protocol/",
    field: "kind",
    isBetween,
    predict: ({ pair }) => (pair?.rich.kind === "internal" ? { side: "poor", value: undefined } : undefined),
  },
  {
    id: "sentry-kind-attribute",
    title: "Sentry's kind is an attribute",
    reason: "A streamed span has no field for the kind; it carries the attribute `sentry.kind`.",
    source: "https://develop.sentry.dev/sdk/telemetry/spans/span-protocol/",
    field: "attribute",
    isAbout: (key) => key === "sentry.kind",
    isBetween,
    predict: ({ pair }) =>
      pair && {
        side: "poor",
        value: pair.rich.kind === "internal" ? undefined : pair.rich.kind,
        orElse: pair.poor.kind,
      },
  },
];
