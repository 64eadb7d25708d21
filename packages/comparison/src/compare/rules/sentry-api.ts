import { unknownService, type TraceFormat } from "../../model.ts";
import type { Rule } from "./rule.ts";

const source = "https://github.com/getsentry/sentry/blob/master/src/sentry/snuba/trace.py";
const reason = "The trace API lists ids, name, op and times; all else only when it is asked for by name.";

function isBetween(rich: TraceFormat, poor: TraceFormat): boolean {
  return poor === "sentry-api" && rich !== "sentry-api";
}

/** What no span of the answer has was not asked for. */
export const sentryApiRules: readonly Rule[] = [
  {
    id: "sentry-api-attributes",
    title: "Sentry's API was not asked for the attribute",
    reason,
    source,
    field: "attribute",
    isBetween,
    predict: ({ rich, key = "" }, { poor }) =>
      rich === undefined || poor.attributeKeys.has(key) ? undefined : { side: "poor", value: undefined },
  },
  {
    id: "sentry-api-lists",
    title: "Sentry's API does not answer with lists",
    reason: "Attributes that are lists are left out of the answer.",
    source,
    field: "attribute",
    isBetween,
    predict: ({ rich }) => (Array.isArray(rich) ? { side: "poor", value: undefined } : undefined),
  },
  {
    id: "sentry-api-status",
    title: "Sentry's API was not asked for the status",
    reason,
    source,
    field: "status",
    isBetween,
    predict: (_fact, { poor }) =>
      poor.trace.spans.every(({ status }) => status === "unset")
        ? { side: "poor", value: "unset" }
        : undefined,
  },
  {
    id: "sentry-api-status-message",
    title: "Sentry's API was not asked for the status message",
    reason,
    source,
    field: "statusMessage",
    isBetween,
    predict: (_fact, { poor }) =>
      poor.attributeKeys.has("sentry.status.message") ? undefined : { side: "poor", value: undefined },
  },
  {
    id: "sentry-api-kind",
    title: "Sentry's API was not asked for the kind",
    reason,
    source,
    field: "kind",
    isBetween,
    predict: (_fact, { poor }) =>
      poor.trace.spans.every(({ kind }) => kind === undefined)
        ? { side: "poor", value: undefined }
        : undefined,
  },
  {
    id: "sentry-api-service",
    title: "Sentry's API was not asked for the service",
    reason,
    source,
    field: "service",
    isBetween,
    predict: (_fact, { poor }) =>
      poor.trace.spans.every(({ service }) => service === unknownService)
        ? { side: "poor", value: unknownService }
        : undefined,
  },
];
