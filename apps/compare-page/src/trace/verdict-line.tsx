import type { TracePageModel } from "@tracebridge/compare/page-model";
import type { ReactNode } from "react";
import { formatCount } from "./duration-text.ts";
import { hasNotes, readEmptySide } from "./one-sided.ts";
import { otherSide, readLabels } from "./side.ts";

interface Verdict {
  sign: string;
  kind: "good" | "bad" | "late";
  title: string;
  text: string;
}

/** What the comparison came to, in words and with a sign. */
export function VerdictLine({ model }: { readonly model: TracePageModel }): ReactNode {
  const { sign, kind, title, text } = describeVerdict(model);
  return (
    <p className={`verdict ${kind}`}>
      <span className="verdict-sign" aria-hidden="true">
        {sign}
      </span>
      <span>
        <strong>{title}</strong> {text}
      </span>
    </p>
  );
}

function describeVerdict(model: TracePageModel): Verdict {
  const { verdict, counts } = model;
  const spans = formatCount(Math.max(model.left.spans, model.right.spans), "span");
  const explained = `${formatCount(counts.explained, "difference")} explained`;
  const late = counts.late > 0 ? `, ${formatCount(counts.late, "part")} may still be on the way` : "";
  switch (verdict) {
    case "equal":
      return {
        sign: "✓",
        kind: "good",
        title: "Both views are equal:",
        text: `${spans}, ${counts.explained === 0 ? "no differences" : formatCount(counts.explained, "difference") + ", all explained"}.`,
      };
    case "different":
      return {
        sign: "≠",
        kind: "bad",
        title: `${formatCount(counts.unexplained, "unexplained difference")}:`,
        text: `${spans}, ${explained}${late}.`,
      };
    case "incomplete":
      return {
        sign: "◷",
        kind: "late",
        title: "Not all has arrived yet:",
        text: `${formatCount(counts.late, "part")} may still be on the way; what is here is equal. This page looks again when more arrives.`,
      };
    case "one-sided":
      return describeOneSided(model);
    case "no-spans":
      return {
        sign: "◧",
        kind: "late",
        title: "No span of this trace is here:",
        text: "only logs or errors arrived, so there is nothing to compare. OTEL_TRACES_EXPORTER of the services has to name sentry and otlp.",
      };
  }
}

function describeOneSided(model: TracePageModel): Verdict {
  const labels = readLabels(model);
  const missing = readEmptySide(model) ?? "right";
  const [what, lack] = hasNotes(model[missing])
    ? ["spans of this trace", "has none"]
    : ["this trace", "knows nothing of it"];
  return {
    sign: "◧",
    kind: "late",
    title: `Only ${labels[otherSide(missing)]} has ${what}:`,
    text: `${labels[missing]} ${lack}, so there is nothing to compare.`,
  };
}
