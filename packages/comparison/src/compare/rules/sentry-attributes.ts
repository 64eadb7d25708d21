import type { AttributeValue, TraceSpan } from "../../model.ts";
import type { Fact, Prediction, Rule } from "./rule.ts";
import { isBetweenOtelAndSentry as isBetween } from "./formats.ts";

const source = "https://develop.sentry.dev/sdk/telemetry/spans/span-protocol/";

/** What Sentry's SDK adds to every span. */
const spanAttributes: ReadonlySet<string> = new Set([
  "sentry.sdk.name",
  "sentry.sdk.version",
  "sentry.is_localhost",
]);

/** What Sentry's SDK adds to the first span of a segment. */
const segmentAttributes: ReadonlySet<string> = new Set([
  "sentry.sdk.integrations",
  "sentry.sample_rate",
  "sentry.segment.name.source",
  "process.runtime.engine.name",
  "process.runtime.engine.version",
  "app.start_time",
  "app.memory",
  "app.free_memory",
  "device.archs",
  "device.boot_time",
  "device.memory_size",
  "device.free_memory",
  "device.processor_count",
  "device.cpu_description",
  "device.processor_frequency",
  "culture.locale",
  "culture.timezone",
  "os.name",
  "os.version",
  "os.kernel_version",
]);

/** It has them, so OpenTelemetry has not. */
function predictNothing({ poor }: Fact): Prediction | undefined {
  return poor === undefined ? undefined : { side: "rich", value: undefined };
}

function readFullUrl({ attributes }: TraceSpan): AttributeValue | undefined {
  const { "url.scheme": scheme, "server.address": host, "server.port": port, "url.path": path } = attributes;
  const query = attributes["url.query"];
  if (typeof scheme !== "string" || typeof host !== "string" || typeof path !== "string") return undefined;
  const isOtherPort = typeof port === "number" && port !== (scheme === "https" ? 443 : 80);
  const end = typeof query === "string" && query !== "" ? `?${query}` : "";
  return `${scheme}://${host}${isOtherPort ? `:${port}` : ""}${path}${end}`;
}

export const sentryAttributeRules: readonly Rule[] = [
  {
    id: "sentry-segment-id",
    title: "Sentry says on every span to which segment it belongs",
    reason:
      "`sentry.segment.id` is the id of the segment's first span, found by going up through the local parents.",
    source,
    field: "attribute",
    isAbout: (key) => key === "sentry.segment.id",
    isBetween,
    predict: ({ pair }, { rich, poor }) =>
      pair && { side: "poor", value: rich.segmentOf(pair.rich), orElse: poor.segmentOf(pair.poor) },
  },
  {
    id: "sentry-segment-name",
    title: "Sentry repeats the segment's name on every span",
    reason: "`sentry.segment.name` is the name of the segment's first span.",
    source,
    field: "attribute",
    isAbout: (key) => key === "sentry.segment.name",
    isBetween,
    predict: ({ pair }, { rich, poor }) => {
      if (!pair) return undefined;
      const nameOf = (id: string | undefined): string | undefined =>
        (poor.spans.get(id ?? "") ?? rich.spans.get(id ?? ""))?.name;
      return {
        side: "poor",
        value: nameOf(rich.segmentOf(pair.rich)),
        orElse: rich.spans.get(poor.segmentOf(pair.poor) ?? "")?.name,
      };
    },
  },
  {
    id: "sentry-trace-lifecycle",
    title: "Sentry marks streamed spans",
    reason: "`sentry.trace_lifecycle` is `stream` on every span that is sent on its own.",
    source,
    field: "attribute",
    isAbout: (key) => key === "sentry.trace_lifecycle",
    isBetween,
    predict: () => ({ side: "poor", value: "stream" }),
  },
  {
    id: "sentry-service-name",
    title: "Sentry has the resource's service name as an attribute",
    reason: "Sentry keeps no resource; the service's name is copied to each span.",
    source: "https://opentelemetry.io/docs/specs/semconv/resource/#service",
    field: "attribute",
    isAbout: (key) => key === "service.name",
    isBetween,
    predict: ({ pair }) => pair && { side: "poor", value: pair.rich.service, orElse: pair.poor.service },
  },
  {
    id: "sentry-environment",
    title: "Sentry has the resource's environment as an attribute",
    reason:
      "`sentry.environment` is the resource's `deployment.environment.name`; Sentry's default is `production`.",
    source: "https://docs.sentry.io/platforms/javascript/guides/node/configuration/options/#environment",
    field: "attribute",
    isAbout: (key) => key === "sentry.environment",
    isBetween,
    predict: ({ pair }) =>
      pair && { side: "poor", value: pair.rich.resource["deployment.environment.name"] ?? "production" },
  },
  {
    id: "sentry-release",
    title: "Sentry has the resource's version as its release",
    reason: "`sentry.release` is the resource's `service.version`.",
    source: "https://docs.sentry.io/platforms/javascript/guides/node/configuration/options/#release",
    field: "attribute",
    isAbout: (key) => key === "sentry.release",
    isBetween,
    predict: ({ pair }) => pair && { side: "poor", value: pair.rich.resource["service.version"] },
  },
  {
    id: "sentry-url-full",
    title: "Sentry has the whole URL of a request that came in",
    reason:
      "Sentry's SDK adds `url.full` to a segment that is a request; OpenTelemetry's server spans have its parts.",
    source: "https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span",
    field: "attribute",
    isAbout: (key) => key === "url.full",
    isBetween,
    predict: ({ pair, rich }) =>
      pair?.rich.kind === "server" && rich === undefined
        ? { side: "poor", value: readFullUrl(pair.rich), orElse: readFullUrl(pair.poor) }
        : undefined,
  },
  {
    id: "sentry-client-address",
    title: "Sentry is not sent the client's address",
    reason: "The address of a client is personal data; Sentry's SDK leaves it out unless told to collect it.",
    source: "https://docs.sentry.io/platforms/javascript/guides/node/data-management/data-collected/",
    field: "attribute",
    isAbout: (key) => key === "client.address" || key === "network.peer.address",
    isBetween,
    predict: ({ pair }) => (pair?.rich.kind === "server" ? { side: "poor", value: undefined } : undefined),
  },
  {
    id: "sentry-sdk-attributes",
    title: "Sentry's SDK adds what describes itself",
    reason: "They name the SDK and what it saw of the request; OpenTelemetry has no such thing on a span.",
    source,
    field: "attribute",
    isAbout: (key) => spanAttributes.has(key),
    isBetween,
    predict: predictNothing,
  },
  {
    id: "sentry-segment-context",
    title: "Sentry's SDK describes process and machine on every segment",
    reason:
      "Contexts of an event (device, system, runtime, culture, app) are attributes of a streamed segment.",
    source: "https://develop.sentry.dev/sdk/foundations/transport/event-payloads/contexts/",
    field: "attribute",
    isAbout: (key) => segmentAttributes.has(key),
    isBetween,
    predict: (fact) => (fact.pair?.poor.isSegment === true ? predictNothing(fact) : undefined),
  },
];
