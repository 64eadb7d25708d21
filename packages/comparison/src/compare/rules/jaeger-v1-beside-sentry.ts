import type { AttributeValue, SpanLink, TraceFormat } from "../../model.ts";
import { isSentryFormat, type Side } from "../scene.ts";
import { isFromStore, readStoredLink } from "./jaeger.ts";
import type { Rule } from "./rule.ts";
import { readSentryValue } from "./sentry-values.ts";

const source = "https://github.com/jaegertracing/jaeger/blob/main/internal/uimodel/model.go";

function isBetween(rich: TraceFormat, poor: TraceFormat): boolean {
  return rich.startsWith("jaeger") && isSentryFormat(poor);
}

function isOlderModel(side: Side): boolean {
  return side.format === "jaeger-v1" || isFromStore(side);
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

/** Neither of the two has all that was recorded: what Jaeger's older model has as a text, Sentry has as a list, or not at all. */
export const jaegerV1BesideSentryRules: readonly Rule[] = [
  {
    id: "jaeger-v1-text",
    title: "Jaeger's older model has as a text what Sentry has as a list, or not at all",
    reason:
      "Lists, objects and nothing are texts in API v1, in Badger and in Cassandra; Sentry keeps lists, and leaves the other two out.",
    source,
    field: "attribute",
    isBetween,
    predict: ({ rich }, scene) => {
      const former = isOlderModel(scene.rich) ? readFormerValue(rich) : undefined;
      return former === undefined ? undefined : { side: "poor", value: readSentryValue(former) };
    },
  },
  {
    id: "jaeger-v1-link-at-sentry",
    title: "Jaeger's older model has links without attributes, Sentry with them",
    reason: "A link is a reference `FOLLOWS_FROM` in API v1, in Badger and in Cassandra, with ids only.",
    source,
    field: "link",
    isBetween,
    predict: ({ poor }, scene) => {
      if (poor === undefined || !isOlderModel(scene.rich)) return undefined;
      const link = poor as SpanLink;
      const value = scene.rich.format === "jaeger-v1" ? { ...link, attributes: {} } : readStoredLink(link);
      return { side: "rich", value };
    },
  },
];
