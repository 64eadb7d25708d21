import type { TraceFormat } from "@tracebridge/comparison";
import type { TracePageModel } from "@tracebridge/compare/page-model";
import type { ViewName } from "./trace-address.ts";

export const sides = ["left", "right"] as const;
export type Side = (typeof sides)[number];

function isSide(text: string): text is Side {
  return text === "left" || text === "right";
}

export function otherSide(side: Side): Side {
  return side === "left" ? "right" : "left";
}

type Family = "sentry" | "otlp";

function readFamily(format: TraceFormat): Family {
  return format.startsWith("sentry") ? "sentry" : "otlp";
}

type Sources = Pick<TracePageModel, "left" | "right">;

/**
 * The sides that an address asks for. Links of other pages say `sentry` or `otlp`, whichever side that is; where no side
 * or both are of that family, both are shown.
 */
export function readView(view: string, model: Sources): ViewName {
  if (isSide(view)) return view;
  const meant = sides.filter((side) => readFamily(model[side].source.format) === view);
  return (meant.length === 1 ? meant[0] : undefined) ?? "both";
}

/** The opposite of `readView`, by family where that is enough to tell the sides apart. */
export function createView(view: ViewName, model: Sources): string {
  if (view === "both") return view;
  const family = readFamily(model[view].source.format);
  return family === readFamily(model[otherSide(view)].source.format) ? view : family;
}

/** The two headings, told apart by name where their labels are the same. */
export function readLabels({ left, right }: Sources): Record<Side, string> {
  const same = left.source.label === right.source.label;
  return {
    left: same ? left.source.name : left.source.label,
    right: same ? right.source.name : right.source.label,
  };
}
