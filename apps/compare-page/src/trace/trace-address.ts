/** Which sides the waterfalls show; the other names stand for the side of that family. */
export type ViewName = "both" | "left" | "right";

/** Which rows are shown. */
export const rowChoices = ["all", "different", "failed", "critical"] as const;
export type RowChoice = (typeof rowChoices)[number];

/** Everything of the trace page that a link carries. Empty texts are left out of the address. */
export interface TraceAddress {
  /** Names of sources. */
  left: string;
  right: string;
  /** As written: `both`, `left`, `right`, `sentry` or `otlp`. */
  view: string;
  /** The chosen span. */
  span: string;
  /** Services of which only the spans that enter them are shown. */
  services: readonly string[];
  /** Text that rows must have. */
  q: string;
  rows: RowChoice;
  /** Milliseconds from the trace's start, `12.5-80`. */
  zoom: string;
  /** `differences`, `none`, or empty for what suits the trace. */
  panel: string;
  differences: DifferenceChoice;
}

/** What the list of differences is narrowed to. */
export interface DifferenceChoice {
  verdict: string;
  field: string;
  service: string;
  rule: string;
  text: string;
}

export const anyDifference: DifferenceChoice = { verdict: "", field: "", service: "", rule: "", text: "" };

const differenceNames = {
  verdict: "d-verdict",
  field: "d-field",
  service: "d-service",
  rule: "d-rule",
  text: "d-q",
} as const;

/** Reads the part of an address behind its question mark; what it does not know is nothing. */
export function readTraceAddress(search: string): TraceAddress {
  const given = new URLSearchParams(search);
  const text = (name: string): string => given.get(name) ?? "";
  return {
    left: text("left"),
    right: text("right"),
    view: text("view"),
    span: text("span"),
    services: [...new Set(given.getAll("service"))],
    q: text("q"),
    rows: rowChoices.find((choice) => choice === text("rows")) ?? "all",
    zoom: text("zoom"),
    panel: text("panel"),
    differences: {
      verdict: text(differenceNames.verdict),
      field: text(differenceNames.field),
      service: text(differenceNames.service),
      rule: text(differenceNames.rule),
      text: text(differenceNames.text),
    },
  };
}

/** The opposite of `readTraceAddress`: begins with a question mark, or is empty. */
export function createTraceSearch(address: TraceAddress): string {
  const { services, differences, rows, ...texts } = address;
  const named: [string, string][] = [
    ...Object.entries(texts),
    ...services.map((service): [string, string] => ["service", service]),
    ["rows", rows === "all" ? "" : rows],
    ...Object.entries(differenceNames).map(([field, name]): [string, string] => [
      name,
      differences[field as keyof DifferenceChoice],
    ]),
  ];
  const search = new URLSearchParams(named.filter(([, value]) => value !== "")).toString();
  return search === "" ? "" : `?${search}`;
}
