import type { TracePageModel } from "@tracebridge/compare/page-model";
import type { ReactNode } from "react";
import { readEmptySide } from "./one-sided.ts";
import { readLabels, type Side } from "./side.ts";

/** Why a side may know nothing of a trace, and what to do. */
export function OneSidedNote({ model }: { readonly model: TracePageModel }): ReactNode {
  const side = readEmptySide(model);
  if (side === undefined) return undefined;
  const label = readLabels(model)[side];
  return (
    <details className="one-sided">
      <summary>Why {label} may not have it, and what to do</summary>
      <ul>
        {readReasons(model, side).map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </details>
  );
}

function readReasons(model: TracePageModel, side: Side): string[] {
  const { source } = model[side];
  const shared = [
    "It may still be on its way: spans are sent up to a few seconds after they end. This page looks again when more arrives.",
    "The trace may not have been chosen for this back end: compare the sample rates of both.",
    "Another pair of sources may be meant: choose them above.",
  ];
  if (source.format === "sentry")
    return [
      "Nothing was sent to Sentry: OTEL_TRACES_EXPORTER must name sentry, and SENTRY_DSN must point at this server.",
      ...shared,
    ];
  if (source.format === "otlp")
    return [
      "Nothing was sent by OTLP: OTEL_TRACES_EXPORTER must name otlp, and OTEL_EXPORTER_OTLP_ENDPOINT must point at this server.",
      ...shared,
    ];
  return [
    `${source.label} was asked and answered that it has nothing of this trace: do the services send there, and has it kept traces for so long?`,
    ...shared,
  ];
}
