import { readString } from "@tracebridge/receivers";
import type { Attributes, AttributeValue, SpanEvent, SpanLink, TraceFormat } from "../../model.ts";
import { writeTag } from "../../formats/jaeger-v1-tags.ts";
import type { DifferenceField } from "../result.ts";
import type { Side } from "../scene.ts";
import type { Fact, Prediction, Rule } from "./rule.ts";

const v1Model = "https://github.com/jaegertracing/jaeger/blob/main/internal/uimodel/model.go";

function isToV1(rich: TraceFormat, poor: TraceFormat): boolean {
  return (rich === "otlp" || rich === "jaeger-v3") && poor === "jaeger-v1";
}

/** Texts, numbers, booleans and bytes have a type in API v1; the rest is a text. */
function readV1Value(value: AttributeValue): AttributeValue {
  const tag = writeTag("", value);
  return tag.type === "string" ? String(tag.value) : value;
}

function readV1Attributes(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, readV1Value(value)]));
}

function predictV1Value({ rich }: Fact): Prediction | undefined {
  return rich === undefined ? undefined : { side: "poor", value: readV1Value(rich as AttributeValue) };
}

function valueRule(field: DifferenceField, id: string): Rule {
  return {
    id,
    title: "Jaeger's API v1 has no lists, objects and nothing",
    reason: "Lists and objects are JSON in a text there, and an attribute without a value is an empty text.",
    source: v1Model,
    field,
    isAbout: (key) => key !== undefined,
    isBetween: isToV1,
    predict: predictV1Value,
  };
}

function predictV1Event({ rich, poor }: Fact): Prediction | undefined {
  if (rich === undefined || poor === undefined) return undefined;
  const event = rich as SpanEvent;
  // The time was compared before: what is equal within the tolerance is the same here.
  return { side: "poor", value: { ...event, attributes: readV1Attributes(event.attributes) } };
}

export function readStoredLink(link: SpanLink): SpanLink {
  return { ...link, attributes: { "opentracing.ref_type": "follows_from" } };
}

/** Whether it comes from a store that keeps no flags: those of OpenTelemetry's senders are never 0. */
export function isFromStore({ format, trace }: Side): boolean {
  return format === "jaeger-v3" && trace.spans.every(({ flags }) => !flags);
}

/** By API v3, which itself has a place for everything. */
function storeRule(
  rule: Pick<Rule, "id" | "title" | "reason" | "field" | "isAbout">,
  predict: (fact: Fact) => Prediction | undefined,
): Rule {
  return {
    ...rule,
    source:
      "https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/pkg/translator/jaeger",
    isBetween: (rich, poor) => rich === "otlp" && poor === "jaeger-v3",
    predict: (fact, { poor }) => (isFromStore(poor) ? predict(fact) : undefined),
  };
}

const inStore = "Badger and Cassandra hold spans in Jaeger's older model:";
const storedValues = {
  title: "Jaeger's Badger and Cassandra have no lists, objects and nothing",
  reason: `${inStore} lists and objects are JSON in a text there, and an attribute without a value is an empty text.`,
  isAbout: (key: string | undefined): boolean => key !== undefined,
} as const;

const storeRules: readonly Rule[] = [
  storeRule(
    {
      id: "jaeger-stored-flags",
      title: "Jaeger's Badger and Cassandra keep no flags",
      reason: `${inStore} it has no place for the W3C trace flags, nor for whether a parent is remote.`,
      field: "flags",
    },
    () => ({ side: "poor", value: undefined }),
  ),
  storeRule({ ...storedValues, id: "jaeger-stored-attribute", field: "attribute" }, predictV1Value),
  storeRule({ ...storedValues, id: "jaeger-stored-resource", field: "resource" }, predictV1Value),
  storeRule(
    {
      id: "jaeger-stored-event",
      title: "Jaeger's Badger and Cassandra have events without lists, objects and nothing",
      reason: `${inStore} values of an event become texts as those of a span do.`,
      field: "event",
    },
    predictV1Event,
  ),
  storeRule(
    {
      id: "jaeger-stored-link",
      title: "Jaeger's Badger and Cassandra have links without attributes",
      reason: `${inStore} a link is a reference there, read as a link with the attribute \`opentracing.ref_type\` alone.`,
      field: "link",
    },
    ({ rich }) =>
      rich === undefined ? undefined : { side: "poor", value: readStoredLink(rich as SpanLink) },
  ),
];

/** A resource without a service's name, or with an empty one, is given a name on arrival. */
function readJaegerService(resource: Attributes): string | undefined {
  const name = resource["service.name"];
  if (name === "") return "empty-service-name";
  return readString(name) ?? "missing-service-name";
}

const missingService = {
  title: "Jaeger names a service that has no name",
  reason:
    "A resource without `service.name` gets `missing-service-name` on arrival, with an empty one `empty-service-name`.",
  source: "https://github.com/jaegertracing/jaeger/tree/main/internal/jptrace/sanitizer",
  isBetween: (rich: TraceFormat, poor: TraceFormat): boolean => rich === "otlp" && poor.startsWith("jaeger"),
} as const;

export const jaegerRules: readonly Rule[] = [
  valueRule("attribute", "jaeger-v1-attribute"),
  valueRule("resource", "jaeger-v1-resource"),
  {
    id: "jaeger-v1-event",
    title: "Jaeger's API v1 has events with texts and microseconds",
    reason:
      "Values of an event become texts as those of a span do, and its time is cut to whole microseconds.",
    source: v1Model,
    field: "event",
    isBetween: isToV1,
    predict: predictV1Event,
  },
  {
    id: "jaeger-v1-link",
    title: "Jaeger's API v1 has links without attributes",
    reason: "A link is a reference `FOLLOWS_FROM` there, with ids only.",
    source: v1Model,
    field: "link",
    isBetween: isToV1,
    predict: ({ rich }) =>
      rich === undefined ? undefined : { side: "poor", value: { ...(rich as SpanLink), attributes: {} } },
  },
  {
    ...missingService,
    id: "jaeger-service",
    field: "service",
    predict: ({ pair }) => pair && { side: "poor", value: readJaegerService(pair.rich.resource) },
  },
  {
    ...missingService,
    id: "jaeger-service-resource",
    field: "resource",
    key: "service.name",
    predict: ({ pair }) => pair && { side: "poor", value: readJaegerService(pair.rich.resource) },
  },
  ...storeRules,
];
