import { readString } from "@tracebridge/receivers";
import type { TraceSpan } from "../../model.ts";
import { isInstrumentation, knownOrigins, readPageOrigin } from "./instrumentations.ts";
import { readSentryOp } from "./sentry-words.ts";

const words: ReadonlySet<string> = new Set(["opentelemetry", "otel", "instrumentation", ""]);

/**
 * By the instrumentation's name: what a person made is `manual`, and an instrumentation of which Sentry has no like is
 * `auto.<first part of the op>.otel.<its name>`.
 */
export function readSentryOrigin(span: TraceSpan): string | undefined {
  const own = readString(span.attributes["sentry.origin"]);
  if (own !== undefined) return own;
  const name = span.scope?.name ?? "";
  const known = knownOrigins[name];
  if (known !== undefined) return typeof known === "string" ? known : known[span.kind ?? "internal"];
  const ofPage = readPageOrigin(name, readSentryOp(span));
  if (ofPage !== undefined) return ofPage;
  if (!isInstrumentation(name)) return "manual";
  const rest = name
    .toLowerCase()
    .split(/[^a-z0-9]+/u)
    .filter((word) => !words.has(word));
  const category = readSentryOp(span)?.split(".")[0];
  return ["auto", category, "otel", rest.join("_")]
    .filter((part) => part !== undefined && part !== "")
    .join(".");
}
