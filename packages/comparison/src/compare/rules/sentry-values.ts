import type { Attributes, AttributeValue, SpanLink } from "../../model.ts";
import { isBetweenOtelAndSentry as isBetween } from "./formats.ts";
import type { Rule } from "./rule.ts";

const reason =
  "An attribute of Sentry is a text, a number, a boolean or a list of these; all else is left out.";
const source = "https://develop.sentry.dev/sdk/telemetry/spans/span-protocol/";

function isScalar(value: AttributeValue): boolean {
  return typeof value !== "object";
}

function isList(value: AttributeValue): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

/** `undefined` for what Sentry has no type for. */
function readSentryValue(value: AttributeValue): AttributeValue | undefined {
  if (isList(value)) return value.filter(isScalar);
  return isScalar(value) ? value : undefined;
}

function readSentryAttributes(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([key, value]) => {
      const kept = readSentryValue(value);
      return kept === undefined ? [] : [[key, kept]];
    }),
  );
}

export const sentryValueRules: readonly Rule[] = [
  {
    id: "sentry-attribute-value",
    title: "Sentry has no objects and no nothing as values",
    reason,
    source,
    field: "attribute",
    isBetween,
    predict: ({ rich }) =>
      rich === undefined ? undefined : { side: "poor", value: readSentryValue(rich as AttributeValue) },
  },
  {
    id: "sentry-log-value",
    title: "Sentry has no objects and no nothing as values of a log",
    reason,
    source: "https://develop.sentry.dev/sdk/telemetry/logs/",
    field: "log",
    isAbout: (key) => key !== undefined,
    isBetween,
    predict: ({ rich }) =>
      rich === undefined ? undefined : { side: "poor", value: readSentryValue(rich as AttributeValue) },
  },
  {
    id: "sentry-link-value",
    title: "Sentry has no objects and no nothing as values of a link",
    reason,
    source,
    field: "link",
    isBetween: (rich, poor) => isBetween(rich, poor) && poor === "sentry",
    predict: ({ rich }) => {
      if (rich === undefined) return undefined;
      const link = rich as SpanLink;
      return { side: "poor", value: { ...link, attributes: readSentryAttributes(link.attributes) } };
    },
  },
];
