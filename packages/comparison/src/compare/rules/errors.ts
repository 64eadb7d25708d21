import type { Rule } from "./rule.ts";
import { isBetweenOtelAndSentry as isBetween } from "./formats.ts";

export const errorRules: readonly Rule[] = [
  {
    id: "sentry-exception-issue",
    title: "An exception on a span is an issue at Sentry",
    reason: "Sentry keeps no span events; it has an issue's event with the same title on the same span.",
    source: "https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/",
    field: "error",
    isBetween,
    predict: ({ rich }) => {
      if (typeof rich !== "object" || rich === null || !("event" in rich)) return undefined;
      const { event: _event, ...issue } = rich;
      return { side: "poor", value: issue };
    },
  },
];
