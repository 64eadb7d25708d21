import { isList, readLargeInteger } from "../../formats/otlp-values.ts";
import type { Attributes, AttributeValue, SpanLink } from "../../model.ts";
import { isBetweenOtelAndSentry as isBetween } from "./formats.ts";
import type { Rule } from "./rule.ts";

const reason =
  "An attribute of Sentry is a text, a number, a boolean or a list of these; an integer that a number cannot hold is the nearest " +
  "number, and all else is left out.";
const source = "https://develop.sentry.dev/sdk/telemetry/spans/span-protocol/";

const notFinite: ReadonlySet<unknown> = new Set(["NaN", "Infinity", "-Infinity"]);

/** Numbers that JSON has no word for are texts in the model. */
function isScalar(value: AttributeValue): boolean {
  return typeof value !== "object" && !notFinite.has(value);
}

/** `undefined` for what Sentry has no type for. */
export function readSentryValue(value: AttributeValue): AttributeValue | undefined {
  if (isList(value)) return value.map((item) => readNumber(item) ?? item).filter(isScalar);
  return readNumber(value) ?? (isScalar(value) ? value : undefined);
}

/** An integer beyond a number's reach is the nearest number. */
function readNumber(value: AttributeValue): number | undefined {
  const digits = readLargeInteger(value);
  return digits === undefined ? undefined : Number(digits);
}

/** Of a log an object becomes JSON. */
function readSentryLogValue(value: AttributeValue): AttributeValue | undefined {
  const isObject = typeof value === "object" && value !== null && !isList(value);
  return isObject && readNumber(value) === undefined ? JSON.stringify(value) : readSentryValue(value);
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
    reason:
      "An attribute of a log is a text, a number, a boolean or a list of these; an object is JSON in a text, all else is left out.",
    source: "https://develop.sentry.dev/sdk/telemetry/logs/",
    field: "log",
    isAbout: (key) => key !== undefined,
    isBetween,
    predict: ({ rich }) =>
      rich === undefined ? undefined : { side: "poor", value: readSentryLogValue(rich as AttributeValue) },
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
