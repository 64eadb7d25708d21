import { readString } from "@tracebridge/receivers";
import type { AttributeValue, TraceSpan } from "../../model.ts";
import type { Scene, Side, SpanPair } from "../scene.ts";
import { isBetweenOtelAndSentry as isBetween } from "./formats.ts";
import { predictPoor } from "./predict.ts";
import type { Prediction, Rule } from "./rule.ts";
import { readSentryName, readSentryNameSource } from "./sentry-words.ts";

const spanProtocol = "https://develop.sentry.dev/sdk/telemetry/spans/span-protocol/";

function readFullUrl({ attributes, kind }: TraceSpan): AttributeValue | undefined {
  if (kind !== "server") return undefined;
  const [scheme, host, path] = ["url.scheme", "server.address", "url.path"].map((key) =>
    readString(attributes[key]),
  );
  if (scheme === undefined || host === undefined || path === undefined) return undefined;
  const port = attributes["server.port"];
  const isOtherPort = typeof port === "number" && port !== (scheme === "https" ? 443 : 80);
  return `${scheme}://${host}${isOtherPort ? `:${port}` : ""}${path}`;
}

/** Neither side has the segment's first span: what Sentry says of it is Sentry's alone. */
const untold: Prediction = { side: "rich", value: undefined };

/** Sentry's own name counts, as the segment's first span is itself compared; where it differs there, either name. */
function predictSegmentName(pair: SpanPair, { rich, poor }: Scene): Prediction {
  const own = rich.segmentOf(pair.rich) ?? "";
  const told = poor.segmentOf(pair.poor) ?? "";
  const ofRich = rich.spans.get(own);
  const name = (poor.spans.get(own) ?? ofRich)?.name;
  if (name === undefined) return untold;
  return {
    side: "poor",
    value: name,
    orElse: () => [ofRich && (readSentryName(ofRich) ?? ofRich.name), poor.spans.get(told)?.name],
  };
}

const ownReleases = new WeakMap<Side, Map<string, string | undefined>>();

/** The release that all spans of a service have at Sentry, where it is no version of the service. */
function readOwnRelease(side: Side, service: string): string | undefined {
  const known = ownReleases.get(side) ?? new Map<string, string | undefined>();
  ownReleases.set(side, known);
  if (!known.has(service)) {
    const spans = side.trace.spans.filter((span) => span.service === service);
    const [release, ...others] = new Set(spans.map(({ attributes }) => attributes["sentry.release"]));
    const isOwn = typeof release === "string" && !release.startsWith(`${service}@`);
    known.set(service, isOwn && others.length === 0 ? release : undefined);
  }
  return known.get(service);
}

export const sentryAttributeRules: readonly Rule[] = [
  {
    id: "sentry-segment-id",
    title: "Sentry says on every span to which segment it belongs",
    reason:
      "`sentry.segment.id` is the id of the segment's first span, found by going up through the local parents.",
    source: spanProtocol,
    field: "attribute",
    key: "sentry.segment.id",
    isRequired: true,
    isDerived: true,
    isBetween,
    predict: ({ pair }, { rich, poor }) => {
      if (!pair) return undefined;
      const value = rich.segmentOf(pair.rich);
      return value === undefined
        ? untold
        : { side: "poor", value, orElse: () => [poor.segmentOf(pair.poor)] };
    },
  },
  {
    id: "sentry-segment-name",
    title: "Sentry repeats the segment's name on every span",
    reason: "`sentry.segment.name` is the name of the segment's first span.",
    source: spanProtocol,
    field: "attribute",
    key: "sentry.segment.name",
    isRequired: true,
    isDerived: true,
    isBetween,
    predict: ({ pair }, scene) => pair && predictSegmentName(pair, scene),
  },
  {
    id: "sentry-segment-name-source",
    title: "Sentry says how a segment got its name",
    reason:
      "`sentry.segment.name.source` is `route` for a request whose route is known and `url` for one without or for a page, `task` or `component` for what " +
      "is named by its kind, and `custom` for all else. Sentry groups by names that are no URL.",
    source: spanProtocol,
    field: "attribute",
    key: "sentry.segment.name.source",
    isDerived: true,
    isBetween,
    predict: ({ pair }) => predictPoor(pair, readSentryNameSource),
  },
  {
    id: "sentry-trace-lifecycle",
    title: "Sentry marks streamed spans",
    reason: "`sentry.trace_lifecycle` is `stream` on every span that is sent on its own.",
    source: spanProtocol,
    field: "attribute",
    key: "sentry.trace_lifecycle",
    isRequired: true,
    isDerived: true,
    isBetween,
    predict: () => ({ side: "poor", value: "stream" }),
  },
  {
    id: "sentry-service-name",
    title: "Sentry has the resource's service name as an attribute",
    reason: "Sentry keeps no resource; the service's name is copied to each span.",
    source: "https://opentelemetry.io/docs/specs/semconv/resource/#service",
    field: "attribute",
    key: "service.name",
    isDerived: true,
    isBetween,
    predict: ({ pair }) =>
      pair && { side: "poor", value: pair.rich.service, orElse: () => [pair.poor.service] },
  },
  {
    id: "sentry-environment",
    title: "Sentry has the resource's environment as an attribute",
    reason:
      "`sentry.environment` is the resource's `deployment.environment.name`; Sentry's default is `production`.",
    source: "https://docs.sentry.io/platforms/javascript/guides/node/configuration/options/#environment",
    field: "attribute",
    key: "sentry.environment",
    isRequired: true,
    isDerived: true,
    isBetween,
    predict: ({ pair }) =>
      pair && { side: "poor", value: pair.rich.resource["deployment.environment.name"] ?? "production" },
  },
  {
    id: "sentry-release",
    title: "Sentry's release is the resource's service and version",
    reason:
      "`sentry.release` is `service.name@service.version` of the resource. Without a version, or where all of a service's spans have one " +
      "that does not begin with the service's name, the release was given to Sentry alone: OpenTelemetry has nothing to compare it with.",
    source: "https://docs.sentry.io/platforms/javascript/guides/node/configuration/releases/",
    field: "attribute",
    key: "sentry.release",
    isRequired: true,
    isDerived: true,
    isBetween,
    predict: ({ pair }, { poor }) => {
      if (!pair) return undefined;
      const version = readString(pair.rich.resource["service.version"]);
      if (version === undefined) return { side: "rich", value: undefined };
      const own = readOwnRelease(poor, pair.poor.service);
      return {
        side: "poor",
        value: `${pair.rich.service}@${version}`,
        orElse: () => (own === undefined ? [] : [own]),
      };
    },
  },
  {
    id: "sentry-resource-attribute",
    title: "Sentry has an attribute of the resource on the span",
    reason: "Sentry keeps no resource, but what describes the service may be copied to its spans.",
    source: spanProtocol,
    field: "attribute",
    isDerived: true,
    isBetween,
    predict: ({ pair, key = "" }) =>
      pair && Object.hasOwn(pair.rich.resource, key)
        ? { side: "poor", value: pair.rich.resource[key] }
        : undefined,
  },
  {
    id: "sentry-url-full",
    title: "Sentry has the whole URL of a request that came in",
    reason:
      "Sentry's SDK adds `url.full` to a segment that is a request, without the query; OpenTelemetry's server spans have its parts.",
    source: "https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span",
    field: "attribute",
    key: "url.full",
    isDerived: true,
    isBetween,
    predict: ({ pair }) => predictPoor(pair, readFullUrl),
  },
];
