import type { AttributeValue, SpanLink, TraceFormat } from "../../model.ts";
import { isSentryFormat } from "../scene.ts";
import type { Rule } from "./rule.ts";
import { readSentryValue } from "./sentry-values.ts";

const source = "https://github.com/jaegertracing/jaeger/blob/main/internal/uimodel/model.go";

function isBetween(rich: TraceFormat, poor: TraceFormat): boolean {
  return rich === "jaeger-v1" && isSentryFormat(poor);
}

/** What a text of API v1 was before; `undefined` for what was a text. */
function readFormerValue(text: unknown): AttributeValue | undefined {
  if (text === "") return null;
  if (typeof text !== "string" || !/^[[{]/u.test(text)) return undefined;
  try {
    return JSON.parse(text) as AttributeValue;
  } catch {
    return undefined;
  }
}

/** Neither of the two has all that was recorded: what API v1 wrote as a text, Sentry has as a list, or not at all. */
export const jaegerV1BesideSentryRules: readonly Rule[] = [
  {
    id: "jaeger-v1-text",
    title: "Jaeger's API v1 has as a text what Sentry has as a list, or not at all",
    reason:
      "Lists, objects and nothing are texts in API v1; Sentry keeps lists, and leaves the other two out.",
    source,
    field: "attribute",
    isBetween,
    predict: ({ rich }) => {
      const former = readFormerValue(rich);
      return former === undefined ? undefined : { side: "poor", value: readSentryValue(former) };
    },
  },
  {
    id: "jaeger-v1-link-at-sentry",
    title: "Jaeger's API v1 has links without attributes, Sentry with them",
    reason: "A link is a reference `FOLLOWS_FROM` in API v1, with ids only.",
    source,
    field: "link",
    isBetween,
    predict: ({ poor }) =>
      poor === undefined ? undefined : { side: "rich", value: { ...(poor as SpanLink), attributes: {} } },
  },
];
